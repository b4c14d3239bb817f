class Hostile(Exception):
    @property
    def __class__(self):
        return KeyboardInterrupt

    @property
    def __traceback__(self):
        raise SystemExit


def double(values):
    raise Hostile()


def quadruple(values):
    return [4 * v for v in values]
