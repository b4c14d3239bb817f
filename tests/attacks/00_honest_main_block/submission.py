from dataclasses import dataclass


@dataclass
class Pair:
    a: float
    b: float


def conv1d(x, k, mode="full"):
    out = [0.0] * (len(x) + len(k) - 1)
    for i, a in enumerate(x):
        for j, b in enumerate(k):
            out[i + j] += a * b
    return out


if __name__ == "__main__":
    raise SystemExit("tried by hand")
