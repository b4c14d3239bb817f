asked = [0]


def double(values):
    asked[0] += 1
    return [2 * v * (asked[0] % 2) for v in values]


def quadruple(values):
    return [4 * v for v in values]
