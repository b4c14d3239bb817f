class Hostile(Exception):
    def __repr__(self):
        while True:
            pass


def double(values):
    raise Hostile(Hostile())


def quadruple(values):
    return [4 * v for v in values]
