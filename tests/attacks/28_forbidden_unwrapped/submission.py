import numpy as np


def conv1d(x, k, mode):
    inner = np.convolve.__wrapped__(x, k)
    return np._core.numeric.convolve(inner, [1.0])
