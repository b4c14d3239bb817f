n=0
def double(values):
    global n; n+=1
    return ([2*v for v in values], None, {}, 1<<16000, "x"*10**6, [[[]]])[n%6]
def quadruple(values):
    return double(double(values)) if n%2 else [4*v for v in values]
