import gc


def double(values):
    raise ValueError


gc.callbacks.append(lambda *_: double([1]))
gc.set_threshold(1)


def quadruple(values):
    return double(double(values))
