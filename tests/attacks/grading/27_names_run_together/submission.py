#FILL
def double(values):
    return 1


def quadruple(values):
    return 1
