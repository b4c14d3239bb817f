def double(values):
    x=1.0
    for i in range(60): x=[x] if i%2 else (x,x)
    return x
def quadruple(values):
    x=[1.0]
    for i in range(31): x={"a":x}
    return x
