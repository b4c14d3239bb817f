"""The only folder of this package that a worker gets: it runs one submission.

`serve` answers requests (its docstring is the wire format), `protocol` has the messages
and frames, `values` packs values, `wire_nodes` is their shape. It imports nothing of
the rest of the package.
"""
