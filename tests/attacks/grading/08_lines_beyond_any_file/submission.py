def double(values): raise SyntaxError("x", (None,2**70,2**70,None))
def quadruple(values): raise IndentationError("x", ("f",-1,-1,"t",-2**80,2**80))
