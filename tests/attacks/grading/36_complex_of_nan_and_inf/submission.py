import numpy as np
def double(values): return np.array([complex(float('nan'),float('inf'))]*len(values))
def quadruple(values): return np.array([np.float32('inf'),-0.0,np.float16(6e4),4][:len(values)])
