_kept = []


def conv1d(x, k, mode="full"):
    out = [0.0] * (len(x) + len(k) - 1)
    for i, a in enumerate(x):
        for j, b in enumerate(k):
            out[i + j] += a * b
    _kept.append(out)
    return _kept[0]
