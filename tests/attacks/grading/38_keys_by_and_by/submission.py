def double(values):
    return {"a" * 15_000_000 + "\N{GRINNING FACE}": 0}


def quadruple(values):
    return double(values)
