import numpy as np


def double(values):
    return [float('inf'), float('-inf')] * 4


def quadruple(values):
    return double(values)
