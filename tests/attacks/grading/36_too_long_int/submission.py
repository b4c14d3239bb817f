import numpy as np


def double(values):
    return 1 << 1_000_000


def quadruple(values):
    return double(values)
