import numpy as np


def conv1d(x, k, mode):
    return np.zeros(3, [("a", "f8")])
