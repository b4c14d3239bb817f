"""The right answers, written out step by step, to make slips in.

Each `#:` says what the line below it is; the grader makes small changes there, one by
one, and tells a student whose answers are those of a changed line. See
autograder/course/slips.py.
"""

# alike: labels.numel() -> 1
# axes: difference/plain top/bottom

import torch


def feature_size(features, in_channels, image_size):
    # alike: channels * height * width -> channels + height + width | channels ** 2 | channels * max(height, width) | channels * (height + width)
    modes = [(layer, layer.training) for layer in features.modules()]
    features.eval()
    with torch.no_grad():
        out = features(torch.zeros(1, in_channels, image_size, image_size))
    for layer, mode in modes:
        layer.training = mode
    channels, height, width = out.shape[1:]
    #: the number of features
    count = channels * height * width
    return count


def evaluate(model, loader, loss_fn):
    # alike: count -> batches | len(loader) | right | batches * most
    # alike: right -> count
    # alike: loss * size -> loss * size ** 2 | loss / size
    # alike: hits -> hits / size | size - hits | size
    was_training = model.training
    model.eval()
    total, right, count, batches, most = 0.0, 0, 0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            size = len(labels)
            most = max(most, size)
            loss = loss_fn(logits, labels).item()
            #: what a batch adds to the loss
            total += loss * size
            hits = (logits.argmax(dim=1) == labels).sum().item()
            #: what a batch adds to the number of right images
            right += hits
            #: what a batch adds to the number of images
            count += size
            batches += 1
    model.train(was_training)
    #: the loss
    mean = total / count
    #: the accuracy
    share = right / count
    return mean, share


def equivariance_error(layer, x, transform):
    # alike: plain -> x
    # alike: layer(transform(x)) -> plain
    # alike: transform(plain) -> transform(x) | transform(transform(plain)) | layer(transform(x)) | transform(layer(transform(x)))
    # alike: difference.abs().max() -> difference.max() | (difference ** 2).mean() | (difference ** 2).sum() | difference.norm() | difference.abs().median() | difference.mean().abs() | difference.sum().abs() | (difference ** 2).mean().sqrt()
    # alike: plain.abs().max() -> plain.max() | plain.max() - plain.min() | (plain ** 2).mean() | (plain ** 2).sum() | plain.norm() | plain.abs().median() | (plain ** 2).mean().sqrt() | first.abs().max() | x.abs().max() | plain.numel() | plain.std() | plain.mean().abs() | (first.abs() + second.abs()).max() | first.abs().max() + plain.abs().max()
    # alike: top / bottom -> (difference / second).abs().max() | (difference / first).abs().max() | (difference.abs() / (second.abs() + 1e-8)).mean() | (difference.abs() / second.abs()).mean() | top / bottom ** 2 | top / bottom / 2
    with torch.no_grad():
        plain = layer(x)
        #: what is compared first
        first = layer(transform(x))
        #: what is compared with that
        second = transform(plain)
        #: the difference
        difference = first - second
        #: what stands above
        top = difference.abs().max()
        #: what you divide by
        bottom = plain.abs().max()
        #: the error
        error = top / bottom
        return error.item()
