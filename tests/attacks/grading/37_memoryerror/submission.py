def double(values):
    raise MemoryError


def quadruple(values):
    return [4 * v for v in values]
