# checks.FILL
def double(values):
    return values


def quadruple(values):
    return values
