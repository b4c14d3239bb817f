FILL
def double(values):
    raise ValueError


def quadruple(values):
    raise ValueError
