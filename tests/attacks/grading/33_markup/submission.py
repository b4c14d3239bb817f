import numpy as np


def double(values):
    return '</pre><script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:1) $\\\\input{/etc/passwd}$ ![](http://x)'


def quadruple(values):
    return double(values)
