import numpy as np
deep = 1.0
for _ in range(60):
    deep = [deep]


def double(values):
    return deep


def quadruple(values):
    return double(values)
