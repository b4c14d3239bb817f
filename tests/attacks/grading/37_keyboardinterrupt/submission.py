def double(values):
    raise KeyboardInterrupt


def quadruple(values):
    return [4 * v for v in values]
