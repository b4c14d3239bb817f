import numpy as np


def conv1d(x, k, mode):
    return np.ones(2**31)
