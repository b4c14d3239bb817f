Hostile = ValueError("noted")
Hostile.__notes__ = ["<b>note</b>" * 10] * 10**6


def double(values):
    raise Hostile


def quadruple(values):
    return [4 * v for v in values]
