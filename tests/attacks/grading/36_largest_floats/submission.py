import numpy as np


def double(values):
    return [1.7e308 * (-1) ** n for n in range(len(values))]


def quadruple(values):
    return double(values)
