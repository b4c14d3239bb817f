"""The only folder of this package that a worker gets: it runs one submission.

`serve` answers requests (its docstring is the wire format), `protocol` has the messages
and frames, `values` packs values, `wire_nodes` is their shape. `zygote` imports the
packages once and forks workers, which give up all that they may do by `kernel`. It
imports nothing of the rest of the package.
"""
