import numpy as np


def double(values):
    return [[1.0], [2.0, [3.0]], 'x', None, {'a': [1]}]


def quadruple(values):
    return double(values)
