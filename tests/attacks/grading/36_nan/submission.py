import numpy as np


def double(values):
    return [float('nan')] * len(values)


def quadruple(values):
    return double(values)
