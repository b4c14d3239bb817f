def double(values):
    def f(n):
        if n==0: raise ValueError("x")
        f(n-1)
    f(900)
def quadruple(values):
    try: double(values)
    except ValueError as e:
        raise ExceptionGroup("x"*1900,[e]*5000)
