"""Your desk: see how you stand, and make the file that you hand in.

    python -m desk check a1_conv1d          # every question, points and what is wrong
    python -m desk check a1_conv1d q3       # one question
    python -m desk submit a1_conv1d         # the zip to hand in, and a receipt

`pytest a1_conv1d` runs the same cases and says the same words.
"""
