FILLdef double(values)
