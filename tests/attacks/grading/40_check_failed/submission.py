from checks import CheckFailedError


def double(values):
    raise CheckFailedError('passed', 'right')


def quadruple(values):
    return [4 * v for v in values]
