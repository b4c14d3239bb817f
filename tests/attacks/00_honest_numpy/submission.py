import numpy as np


def conv1d(x, k, mode):
    x, k = np.asarray(x, np.float32), np.asarray(k, np.float32)
    out = np.zeros(len(x) + len(k) - 1, np.float32)
    for j, b in enumerate(k):
        out[j : j + len(x)] += b * x
    return out
