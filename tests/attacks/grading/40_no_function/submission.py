double = 7
quadruple = None
