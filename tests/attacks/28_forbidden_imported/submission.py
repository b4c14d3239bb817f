from numpy import convolve as slide


def conv1d(x, k, mode):
    return slide(x, k)
