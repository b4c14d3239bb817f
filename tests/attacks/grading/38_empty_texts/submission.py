import numpy as np


def double(values):
    return ['x' * 10**6] + [''] * 100_000


def quadruple(values):
    return double(values)
