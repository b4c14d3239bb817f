import numpy as np
from checks.callables import sum_of_squares

def double(values):
    return sum_of_squares


def quadruple(values):
    return double(values)
