import time


def conv1d(x, k, mode):
    time.sleep(3600)
