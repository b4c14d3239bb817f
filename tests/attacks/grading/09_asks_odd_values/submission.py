import numpy as np
def double(values): return [3*v for v in values]
n=0
def quadruple(values):
    global n; n+=1
    bad=[{"a":{"b":[1]*1000}}, np.zeros((0,2**40)), [[]]*50000, float('nan'), 1j, None, "x"*10**6, True, [1,[2,[3]]], np.array(3), np.float16(3), -0.0, 1<<16000]
    for b in bad:
        try: double(b)
        except BaseException: pass
    return double(double(values))
