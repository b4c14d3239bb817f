import numpy as np
def double(values): return [np.bool_(1), np.uint64(2**64-1), np.int64(-2**63)][:len(values)]
def quadruple(values): return np.array(values, dtype='>f8')*4
