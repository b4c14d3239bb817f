import numpy as np


def conv1d(x, k, mode):
    return np.full(len(x) + len(k) - 1, np.nan)
