def conv1d(x, k, mode):
    while True:
        pass
