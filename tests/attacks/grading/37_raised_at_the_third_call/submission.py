calls = 0


def double(values):
    global calls
    calls += 1
    if calls > 1:
        raise KeyboardInterrupt
    return [2 * v for v in values]


def quadruple(values):
    if calls:
        raise GeneratorExit
    return double(double(values))
