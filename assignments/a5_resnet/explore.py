# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Look around: residual networks
#
# Every network here is built by *your* `a5_resnet.py`. A GPU is used where there is
# one.
# A cell whose question isn't written yet says so; go on with the next one, and come
# back. Nothing in this notebook is handed in.

# %% first
FIRST_CELL

# %%
import matplotlib.pyplot as plt
import torch
from checks.blocks import PlainBlock
from checks.fashion_mnist import fashion_mnist
from explore import Mine, label
from torch import nn

mine = Mine("a5_resnet")
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(0)
pixels, targets = fashion_mnist()
images = torch.from_numpy(pixels[:64]).float()[:, None].to(device) / 255
labels = torch.from_numpy(targets[:64]).long().to(device)

# %% [markdown]
# ## How much gradient arrives?
#
# The same layers with and without a shortcut around each (question 9). Without
# normalisation, a plain network's gradient vanishes with depth.

# %%
with mine.step():
    depths = [1, 2, 5, 10, 20, 30, 40]
    start, x = torch.Generator().manual_seed(0), torch.ones(8, 16)
    layers = [0.15 * torch.randn(16, 16, generator=start) for _ in range(max(depths))]
    figure, ax = plt.subplots(figsize=(6.5, 3.2))
    for residual, mark in ((False, "D--"), (True, "o-")):
        norms = [
            mine.first_layer_grad_norm(layers[:depth], x, residual=residual)
            for depth in depths
        ]
        name = "with shortcuts" if residual else "without"
        ax.semilogy(depths, norms, mark, label=name)
    title = "Without shortcuts, next to nothing reaches the first layer"
    label(ax, title, "layers", "norm of the first layer's gradient")
    ax.legend(frameon=False)

# %% [markdown]
# ## And in your own ResNet?
#
# The gradient of every convolution before the first step, with batch normalisation, for
# your `ResNet` (questions 2, 5 and 6) of 8 and of 20 layers.


# %%
def gradient_norms(network):
    """Return the norm of the loss's gradient for every convolution, in order."""
    loss = nn.functional.cross_entropy(network.to(device)(images), labels)
    convolutions = [m for m in network.modules() if isinstance(m, nn.Conv2d)]
    weights = [m.weight for m in convolutions if m.kernel_size == (3, 3)]
    return [float(g.norm()) for g in torch.autograd.grad(loss, weights)]


with mine.step():
    figure, ax = plt.subplots(figsize=(6.5, 3.2))
    for blocks, mark in ((1, "o-"), (3, "s--")):
        network = mine.ResNet(mine.BasicBlock, (blocks,) * 3, 10)
        norms = gradient_norms(network)
        ax.semilogy(
            range(1, len(norms) + 1), norms, mark, label=f"{6 * blocks + 2} layers"
        )
    ax.set_ylim(1e-2, 1e2)
    ax.set_xticks([1, 7, 19])
    title = "Your ResNet: every layer gets a gradient of about the same size"
    label(ax, title, "3 x 3 convolution, from the image on", "norm of its gradient")
    ax.legend(frameon=False)

# %% [markdown]
# ## Does depth help? A small try
#
# Your `ResNet` of your blocks, and of twice as many `PlainBlock`s (a convolution, a
# normalisation, a ReLU), which is as deep but has no additions. With 8 and with 20
# layers: 1,024 images, made half as large, three epochs, two seeds. Half a minute on a
# laptop.


# %%
small = nn.functional.avg_pool2d(torch.from_numpy(pixels[:1024]).float()[:, None], 2)
small = ((small / 255 - 0.286) / 0.353).to(device)
its_class = torch.from_numpy(targets[:1024]).long().to(device)


def wrong_by_epoch(block, blocks, seed, epochs=3):
    """Train a ResNet; return how many training images were wrong (%), by epoch."""
    torch.manual_seed(seed)
    network = mine.ResNet(block, (blocks,) * 3, 10).to(device)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4
    )
    wrong = []
    for _ in range(epochs):
        right = 0
        for batch in torch.randperm(len(small)).to(device).split(32):
            logits = network(small[batch])
            loss = nn.functional.cross_entropy(logits, its_class[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            right += (logits.argmax(1) == its_class[batch]).sum()
        wrong.append(100 - 100 * float(right) / len(small))
    return wrong


with mine.step():
    figure, ax = plt.subplots(figsize=(6.5, 3.2))
    kinds = {"plain": (PlainBlock, 2, "C1"), "residual": (mine.BasicBlock, 1, "C0")}
    for blocks, mark in ((1, "o-"), (3, "s--")):
        for kind, (block, times, colour) in kinds.items():
            for seed in (0, 1):
                ax.plot(
                    [1, 2, 3],
                    wrong_by_epoch(block, times * blocks, seed),
                    mark,
                    color=colour,
                    label=f"{6 * blocks + 2} layers, {kind}" if seed == 0 else None,
                )
    ax.set_xticks([1, 2, 3])
    title = "Do 20 layers without shortcuts keep up? A line is a seed"
    label(ax, title, "epoch", "wrong training images (%)")
    ax.legend(frameon=False)

# %% [markdown]
# And what a GPU gave for networks like these of up to 110 layers, with all images and
# twelve epochs: the handout's figure. There 20 layers do keep up, and 56 don't. Look at
# the panel on the right, too: the gradients of *plain* networks with normalisation
# don't vanish, they explode.

# %%
with mine.step():
    figure, ax = plt.subplots(figsize=(11, 4.2))
    ax.imshow(plt.imread(here / FOLDER / "figures" / "depth.png"), interpolation="auto")
    ax.set_axis_off()
    ax.set_title("20, 56 and 110 layers, plain and residual, on one H100 (the handout)")

# %% [markdown]
# ## A block that starts as nothing
#
# With `zero_init_residual` (question 4), a block is its shortcut at first, and learns
# from there: the deeper the stack, the more that steadies the numbers that come out.

# %%
with mine.step():
    x = torch.randn(4, 8, 14, 14)
    figure, ax = plt.subplots(figsize=(6.5, 3.0))
    for zero, mark in ((False, "D--"), (True, "o-")):
        h, spread = x, [float(x.std())]
        for _ in range(12):
            block = mine.BasicBlock(8, 8)
            block = mine.zero_init_residual(block) if zero else block
            with torch.no_grad():
                h = block(h)
            spread.append(float(h.std()))
        ax.plot(spread, mark, label="zero_init_residual" if zero else "as it is")
    title = "Each block adds to the spread, unless it starts as its shortcut"
    label(ax, title, "blocks", "standard deviation of the map")
    ax.legend(frameon=False)

# %% [markdown]
# ## Narrow, convolve, widen
#
# What a block costs: two 3 x 3 (question 2), a bottleneck (question 3), VGG's (question
# 8), and what Inception's 1 x 1 convolutions save (question 7).


# %%
def parameters(module):
    """Return how many numbers a module learns."""
    return sum(p.numel() for p in module.parameters())


with mine.step():
    sizes = {
        "BasicBlock, 256 channels": parameters(mine.BasicBlock(256, 256)),
        "Bottleneck, 64 to 256": parameters(mine.Bottleneck(256, 64)),
        "vgg_block, 2 x 256": parameters(mine.vgg_block(256, 256, 2)),
        "Inception, narrowed": parameters(
            mine.InceptionModule(256, 64, (64, 96), (16, 32), 64)
        ),
    }
    figure, ax = plt.subplots(figsize=(6.5, 2.6))
    ax.barh(list(sizes)[::-1], [n / 1e3 for n in sizes.values()][::-1])
    title = "At 256 channels, narrowing first saves nine tenths"
    label(ax, title, "parameters (thousands)", "block")

# %% [markdown]
# ## Training, live
#
# A ResNet of 8 layers learns 64 images by heart: every step is a point.

# %%
with mine.step():
    network = mine.ResNet(mine.BasicBlock, (1, 1, 1), 10).to(device)
    optimizer, losses = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9), []
    for _ in range(25):
        loss = nn.functional.cross_entropy(network(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    figure, ax = plt.subplots(figsize=(5.5, 2.8))
    ax.semilogy(losses, ".-")
    label(ax, "64 images, learned by heart", "step", "cross-entropy (nats)")
