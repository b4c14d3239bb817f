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
# # Look around: your own CNN
#
# Every network here is the one in *your* `a4_cnn.py`. A GPU is used where there is
# one.
# A cell whose question isn't written yet says so; go on with the next one, and come
# back. Nothing in this notebook is handed in.

# %% first
FIRST_CELL

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from checks.fashion_mnist import CLASSES, fashion_mnist
from explore import DIVERGING, Mine, images, label, photograph
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

mine = Mine("a4_cnn")
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(0)
IMAGES, HELD_OUT, EPOCHS = 1_200, 600, 5
pixels, targets = fashion_mnist()
scaled = torch.from_numpy(pixels[: IMAGES + HELD_OUT]).float()[:, None] / 255
labels = torch.from_numpy(targets[: IMAGES + HELD_OUT].astype(np.int64))
train = TensorDataset(scaled[:IMAGES].to(device), labels[:IMAGES].to(device))
test = TensorDataset(scaled[IMAGES:].to(device), labels[IMAGES:].to(device))

# %% [markdown]
# ## Where a tensor meets a kernel
#
# A layer with a fixed kernel, made by your `edge_layer` (question 3): a true
# convolution, so the kernel is flipped.

# %%
with mine.step():
    grey = torch.from_numpy(photograph(grey=True)).float()[None, None] / 255
    layer = mine.edge_layer([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
    images(
        [layer(grey)[0, 0].detach().numpy()],
        ["positive: brighter to the right"],
        what="Sobel's kernel as a layer",
        cmap=DIVERGING,
        value="answer",
        size=3.0,
    )

# %% [markdown]
# ## Training, live
#
# Your `SmallCNN` (question 1), `train_one_epoch` and `evaluate` (questions 5 and 6):
# every epoch adds a point.

# %%
with mine.step():
    network = mine.SmallCNN(1, 10, 28).to(device)
    optimizer, loss_fn = (
        torch.optim.Adam(network.parameters(), lr=2e-3),
        nn.CrossEntropyLoss(),
    )
    shuffled = DataLoader(train, batch_size=32, shuffle=True)
    in_order = DataLoader(test, batch_size=200)
    history = [mine.evaluate(network, in_order, loss_fn)]
    learned = []
    for epoch in range(1, EPOCHS + 1):
        learned.append(mine.train_one_epoch(network, shuffled, optimizer, loss_fn))
        history.append(mine.evaluate(network, in_order, loss_fn))
        loss, accuracy = history[-1]
        print(f"epoch {epoch}: loss {learned[-1]:.2f} in training, ", end="")
        print(f"{loss:.2f} on others, {accuracy:.0%} right")
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.0))
    left.plot(range(1, EPOCHS + 1), learned, "o-", label="in training")
    left.plot(range(EPOCHS + 1), [loss for loss, _ in history], "s--", label="others")
    right.plot(range(EPOCHS + 1), [100 * share for _, share in history], "s--")
    label(left, "The loss falls", "epoch", "cross-entropy (nats)")
    label(right, "600 images that it has not learned from", "epoch", "right (%)")
    left.legend(frameon=False)

# %% [markdown]
# ## What your network sees
#
# The kernels of its first layer, and what some of them make of an ankle boot.


# %%
def first_convolution(model):
    """Return the first convolution of a network, whatever it is called."""
    return next(m for m in model.modules() if isinstance(m, nn.Conv2d))


with mine.step():
    layer = first_convolution(network).cpu()
    boot = scaled[(labels == 9).nonzero()[0, 0]][None]
    with torch.no_grad():
        maps = torch.relu(layer(boot))[0]
    strongest = maps.mean(dim=(1, 2)).argsort(descending=True)[:5].tolist()
    images(
        [layer.weight[n, 0].detach().numpy() for n in strongest],
        [f"kernel {n}" for n in strongest],
        what="Five kernels that it has learned",
        cmap=DIVERGING,
        size=1.9,
    )
    images(
        [boot[0, 0].numpy(), *(maps[n].numpy() for n in strongest)],
        ["image", *(f"map {n}" for n in strongest)],
        what="What they find in an ankle boot: the brighter, the more",
        size=1.9,
    )
    network.to(device)

# %% [markdown]
# ## What it takes for what
#
# The images on which it was surest, and wrong. Would you have known?

# %%
with mine.step():
    network.eval()
    with torch.no_grad():
        sure = torch.softmax(network(test.tensors[0]), dim=1).cpu()
    truth, guess = labels[IMAGES:], sure.argmax(dim=1)
    wrong = (guess != truth).nonzero()[:, 0]
    worst = wrong[sure[wrong, guess[wrong]].argsort(descending=True)][:6].tolist()
    images(
        [scaled[IMAGES + n, 0].numpy() for n in worst],
        [f"{CLASSES[guess[n]]}?\nno: {CLASSES[truth[n]]}" for n in worst],
        what=f"The surest of {len(wrong)} mistakes on {HELD_OUT} images",
        size=1.9,
    )
    table = np.zeros((10, 10), dtype=int)
    np.add.at(table, (truth.numpy(), guess.numpy()), 1)
    figure, ax = plt.subplots(figsize=(6, 5))
    shown = ax.imshow(table, cmap="cividis")
    ax.set_xticks(range(10), CLASSES, rotation=45, ha="right")
    ax.set_yticks(range(10), CLASSES)
    label(ax, "Shirts, tops, coats and pullovers are mixed up", "taken for", "really")
    figure.colorbar(shown, label="images")

# %% [markdown]
# ## Shifts and turns
#
# A convolution sees the same, only elsewhere, when its image is shifted; when it is
# turned, it does not (question 10).

# %%
with mine.step():
    circular = nn.Conv2d(1, 4, 3, padding=1, padding_mode="circular", bias=False)
    crop = grey[:, :, ::2, ::2]
    transforms = {
        "shift by 5 pixels": lambda t: t.roll(5, dims=-1),
        "mirror": lambda t: t.flip(-1),
        "quarter turn": lambda t: t.rot90(1, dims=(-2, -1)),
    }
    errors = [mine.equivariance_error(circular, crop, f) for f in transforms.values()]
    figure, ax = plt.subplots(figsize=(5.5, 2.4))
    ax.barh(list(transforms), errors)
    title = "Only a shift leaves a convolution's answer the same"
    label(ax, title, "difference, as a share of the largest answer", "transform")
