import numpy as np


def double(values):
    return np.zeros(len(values), np.dtype([(('<b>title</b>', '=1+1'), 'f8'), ('b', 'O')]))


def quadruple(values):
    return double(values)
