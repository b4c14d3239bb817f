import numpy as np

class Lazy:
    calls = 0

    def __array__(self, *_, **__):
        Lazy.calls += 1
        return np.arange(Lazy.calls)

    def __len__(self):
        return 2

    def __getitem__(self, place):
        return Lazy.calls


def double(values):
    return Lazy()


def quadruple(values):
    return double(values)
