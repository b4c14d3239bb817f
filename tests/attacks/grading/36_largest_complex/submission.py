import numpy as np


def double(values):
    return np.full(len(values), complex(1.7e308, 1.7e308))


def quadruple(values):
    return double(values)
