class Hostile(Exception):
    pass


def double(values):
    error = Hostile("far")
    for _ in range(10**6):
        try:
            raise error
        except Hostile:
            pass
    raise error


def quadruple(values):
    return [4 * v for v in values]
