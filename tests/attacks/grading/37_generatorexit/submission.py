def double(values):
    raise GeneratorExit


def quadruple(values):
    return [4 * v for v in values]
