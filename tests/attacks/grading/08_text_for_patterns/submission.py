def double(values): raise ImportError("No module named '" + "a"*1900)
def quadruple(values): raise SyntaxError("f-string" + "'{"*900, ("a0_scale.py", 10**9, -5, "x"*10**6))
