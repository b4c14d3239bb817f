import numpy as np


def double(values):
    return np.array(values, np.float16) ** 2 * 60000


def quadruple(values):
    return double(values)
