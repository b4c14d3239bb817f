def conv1d(x, k, mode):
    return [1 << 4_000_000]
