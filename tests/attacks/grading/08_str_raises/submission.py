class Hostile(Exception):
    def __str__(self):
        raise SystemExit(0)


def double(values):
    raise Hostile()


def quadruple(values):
    return [4 * v for v in values]
