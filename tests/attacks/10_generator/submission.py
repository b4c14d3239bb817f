def conv1d(x, k, mode):
    yield from (0 for _ in x)
