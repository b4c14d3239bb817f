def double(values):
    raise ModuleNotFoundError("No module named 'pay_me'")


def quadruple(values):
    return [4 * v for v in values]
