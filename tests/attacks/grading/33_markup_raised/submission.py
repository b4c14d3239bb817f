def double(values):
    raise ValueError('<script>alert(1)</script>\x1b[31m\u202e' + 'x' * 10**7)


def quadruple(values):
    return [4 * v for v in values]
