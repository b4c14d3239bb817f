def double(values):
    return [0 for _ in values]


def quadruple(values):
    while True:
        values = double([1.0])
