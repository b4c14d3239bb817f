for _n in range(50_000):
    globals()[f"duoble{_n}<b>"] = len


def quadruple(values):
    return [4 * v for v in values]
