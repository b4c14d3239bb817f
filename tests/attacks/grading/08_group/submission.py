Hostile = BaseExceptionGroup("g", [KeyboardInterrupt()])
for _ in range(900):
    Hostile = BaseExceptionGroup("g", [Hostile, SystemExit()])


def double(values):
    raise Hostile


def quadruple(values):
    return [4 * v for v in values]
