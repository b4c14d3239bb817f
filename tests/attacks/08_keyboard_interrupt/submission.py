def conv1d(x, k, mode):
    raise KeyboardInterrupt
