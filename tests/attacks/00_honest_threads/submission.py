from concurrent.futures import ThreadPoolExecutor

import numpy as np


def conv1d(x, k, mode):
    x, k = np.asarray(x, float), np.asarray(k, float)
    n = len(x) + len(k) - 1

    def one(i):
        return sum(x[j] * k[i - j] for j in range(len(x)) if 0 <= i - j < len(k))

    with ThreadPoolExecutor(4) as pool:
        return np.array(list(pool.map(one, range(n))))
