class Hostile(BaseException):
    pass


def double(values):
    raise Hostile()


def quadruple(values):
    return [4 * v for v in values]
