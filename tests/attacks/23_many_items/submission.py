def conv1d(x, k, mode):
    return [0] * 10**7
