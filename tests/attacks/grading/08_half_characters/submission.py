def double(values): raise ValueError('\ud800'*3000)
def quadruple(values): return ['\ud800']
