def double(values):
    raise SyntaxError('<b>x</b>', ('a0_scale.py', 10**9, -5, 'MARK', 10**9, 1))


def quadruple(values):
    return [4 * v for v in values]
