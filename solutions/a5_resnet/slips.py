"""The right answers, written out step by step, to make slips in.

Each `#:` says what the line below it is; the grader makes small changes there, one by
one, and tells a student whose answers are those of a changed line. See
autograder/course/slips.py.
"""

import torch


def first_layer_grad_norm(weights, x, *, residual):
    # alike: h @ w.T -> w @ h.T | h @ w.T + h
    # alike: torch.tanh(product) -> torch.relu(product) | torch.sigmoid(product) | product if number == last else torch.tanh(product) | product if number == 0 else torch.tanh(product)
    # alike: h + out -> x + out | h + product | torch.tanh(h + out) | h + out / 2 | out if number == last else h + out
    # alike: residual -> not residual | True | False | number > 0 and residual
    # alike: (h * h).mean() -> (h * h).sum() | h.mean() | h.sum() | h.abs().mean() | (h * h).sum(1).mean() | (h * h).sum(0).mean() | (h * h).mean() / 2 | (h * h).sum() / 2 | (h * h).mean().sqrt() | h.norm() | h.max() | out.mean() | (out * out).mean()
    # alike: gradient.norm() -> gradient.norm() ** 2 | gradient.abs().max() | gradient.abs().sum() | gradient.abs().mean() | gradient.mean() | gradient.sum() | gradient.max() | (gradient ** 2).mean() | (gradient ** 2).mean().sqrt() | gradient.norm() / len(weights) | torch.linalg.norm(gradient, 2)
    # alike: matrices -> matrices[::-1] | matrices[:-1]
    # alike: layers[0] -> layers[-1]
    layers = [w.detach().clone().requires_grad_() for w in weights]
    last = len(weights) - 1
    h = x.detach()
    matrices = layers
    #: the row of the layers' weights
    rows = matrices
    for number, w in enumerate(rows):
        #: the product that a layer takes the tanh of
        product = h @ w.T
        #: what a layer computes
        out = torch.tanh(product)
        #: h behind a layer with a shortcut
        added = h + out
        #: whether there are shortcuts
        has_shortcut = residual
        h = added if has_shortcut else out
    #: the loss
    loss = (h * h).mean()
    #: the weight of which the gradient is taken
    wanted = layers[0]
    (gradient,) = torch.autograd.grad(loss, wanted)
    #: the norm
    norm = gradient.norm()
    return norm.item()
