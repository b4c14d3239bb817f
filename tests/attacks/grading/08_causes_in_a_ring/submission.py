Hostile = ValueError("one")
Hostile.__cause__ = KeyError("two")
Hostile.__cause__.__context__ = Hostile


def double(values):
    raise Hostile


def quadruple(values):
    return [4 * v for v in values]
