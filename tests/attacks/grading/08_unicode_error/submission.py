def double(values):
    raise UnicodeDecodeError('utf-8', b'\xff', 0, 1, 'x')


def quadruple(values):
    return [4 * v for v in values]
