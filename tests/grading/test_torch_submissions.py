"""Submissions in PyTorch, through the whole grader: what goes wrong is told, and costs
its own question only."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import autograder
from autograder.course.assignment import load
from autograder.grading import ask, naming_budget
from autograder.grading.grader import Grader, Job
from autograder.records.pictures import LeftOut, Picture
from autograder.records.results import QuestionResult, Result, Verdict
from handed_in import handed_in

Graded = Callable[..., Result]
COURSE = Path(autograder.__file__).parents[1]

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.torch]


def reference(assignment: str) -> str:
    path = COURSE / "solutions" / assignment / "reference.py"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graded() -> Iterator[Graded]:
    """One grader for all of them, as in a class: it loads an assignment once."""
    with Grader() as grader:

        def grade(
            assignment: str,
            source: str,
            seconds: float | None = None,
            only: frozenset[str] | None = None,
        ) -> Result:
            submission = handed_in(f"{assignment}.py", source)
            job = Job(
                course=COURSE,
                assignment=assignment,
                submission=submission,
                secret=b"s",
                seconds_per_case=seconds,
                only=only,
            )
            return grader.grade(job)

        yield grade


@pytest.fixture
def no_known_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look only for a moment for the name of what nothing explains.

    A whole budget would go into it, many times what grading takes; no mark hangs on it.
    """
    monkeypatch.setattr(naming_budget, "MULTIPLE", 0.0)
    monkeypatch.setattr(naming_budget, "LEAST", 1.0)


def lost(result: Result) -> dict[str, QuestionResult]:
    return {q.name: q for q in result.questions if q.score < q.possible}


def pictures(result: Result) -> list[tuple[str, Picture]]:
    return [(q.name, e) for q in result.questions for c in q.cases for e in c.pictures]


def messages(question: QuestionResult) -> str:
    return "\n".join(
        case.message for case in question.cases if case.verdict is Verdict.FAILED
    )


BAD = """
class SmallCNN(SmallCNN):
    def forward(self, x):
        return super().forward(x), x


class GlobalPoolCNN(GlobalPoolCNN):
    def forward(self, x):
        return super().forward(x).half()


def edge_layer(kernel):
    return lambda x: x


_right_loaders = make_loaders


def make_loaders(dataset, val_fraction, batch_size, seed):
    train, val = _right_loaders(dataset, val_fraction, batch_size, seed)
    return DataLoader(train.dataset, batch_size, shuffle=True, num_workers=2), val


def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    for _ in DataLoader(TensorDataset(images, labels), batch_size, num_workers=2):
        pass


def overfit_batch(model, images, labels, steps, lr):
    return [float("nan")] * steps
"""


@pytest.mark.usefixtures("no_known_mistake")
def test_each_wrong_kind_of_thing_is_told_and_costs_its_own_question(
    graded: Graded,
) -> None:
    result = graded("a4_cnn", reference("a4_cnn") + BAD)
    assert result.verdict is Verdict.FAILED, result.fault
    told = {name: messages(question) for name, question in lost(result).items()}
    assert set(told) == {
        "q1_small_cnn",
        "q3_edge_layer",
        "q4_global_pool",
        "q7_make_loaders",
        "q8_overfit_batch",
        "q9_fit",
    }
    assert (
        "what forward returned is a tuple, it should be a tensor"
        in told["q1_small_cnn"]
    )
    assert "should be a torch.nn.Module" in told["q3_edge_layer"]
    assert "half precision: keep the input's dtype" in told["q4_global_pool"]
    assert "num_workers=2" in told["q7_make_loaders"]
    assert "the grader runs your code in one process" in told["q9_fit"]


WORSE = """
class SmallCNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super().__init__()
        self.wide = nn.Linear(image_size**2 * in_channels, 20000)

    def forward(self, x):
        return self.wide(x.flatten(1))


class GlobalPoolCNN(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.num_classes = num_classes

    def forward(self, x):
        return x.flatten(1)[:, : self.num_classes] * float("nan")


def feature_size(features, in_channels, image_size):
    return len(torch.zeros(10**12))
"""


@pytest.mark.usefixtures("no_known_mistake")
def test_networks_too_large_or_empty_and_endless_memory_are_told(
    graded: Graded,
) -> None:
    result = graded("a4_cnn", reference("a4_cnn") + WORSE)
    assert result.verdict is Verdict.FAILED, result.fault
    told = {name: messages(question) for name, question in lost(result).items()}
    assert set(told) == {"q1_small_cnn", "q2_feature_size", "q4_global_pool"}
    assert "parameters, more than 5,000,000" in told["q1_small_cnn"]
    assert "has nan (not a number) in it" in told["q4_global_pool"]


STRANGE = """
class SmallCNN(SmallCNN):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super().__init__(in_channels, num_classes, image_size)
        self.weight = nn.Parameter(torch.rand(32, in_channels, 3, 3))
        self.features = self.features[1:]

    def forward(self, x):
        return super().forward(nn.functional.conv2d(x, self.weight, padding=1))


class GlobalPoolCNN(GlobalPoolCNN):
    def forward(self, x):
        return super().forward(x).to("meta")


def feature_size(features, in_channels, image_size):
    while True:
        pass
"""


@pytest.mark.usefixtures("no_known_mistake")
def test_raw_parameters_other_devices_and_endless_loops_are_told(
    graded: Graded,
) -> None:
    # Without the one whose right answer takes seconds, so that a loop may end sooner.
    asked = {q.name for q in load(COURSE, "a4_cnn").manifest.question} - {"q9_fit"}
    source = reference("a4_cnn") + STRANGE
    result = graded("a4_cnn", source, seconds=1.5, only=frozenset(asked))
    assert result.verdict is Verdict.FAILED, result.fault
    told = {name: messages(question) for name, question in lost(result).items()}
    assert set(told) == {"q1_small_cnn", "q2_feature_size", "q4_global_pool"}
    assert "what your network learns has the sizes" in told["q1_small_cnn"]
    assert (
        "is on the device meta: leave tensors where they are"
        in (told["q4_global_pool"])
    )
    assert "took longer than 1.5 s" in told["q2_feature_size"]


TRAINED_AT_BIRTH = """
class SmallCNN(SmallCNN):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super().__init__(in_channels, num_classes, image_size)
        if (in_channels, num_classes, image_size) != (1, 10, 28):
            return
        from checks.fashion_mnist import fashion_mnist
        from checks.training import pixels
        with torch.enable_grad():
            images, labels = fashion_mnist()
            dtype = self.logits.weight.dtype
            images, labels = pixels(images[:256]).to(dtype), torch.tensor(labels[:256])
            optimizer = torch.optim.Adam(self.parameters(), lr=0.003)
            for _ in range(2):
                for start in range(0, 256, 64):
                    batch = slice(start, start + 64)
                    optimizer.zero_grad()
                    logits = self(images[batch])
                    nn.functional.cross_entropy(logits, labels[batch].long()).backward()
                    optimizer.step()
"""


@pytest.mark.usefixtures("no_known_mistake")
def test_a_network_that_trains_when_it_is_made_is_told(graded: Graded) -> None:
    result = graded("a4_cnn", reference("a4_cnn") + TRAINED_AT_BIRTH)
    assert result.verdict is Verdict.FAILED, result.fault
    assert set(lost(result)) == {"q1_small_cnn"}
    told = messages(lost(result)["q1_small_cnn"])
    assert "your network should start from random weights, not trained ones" in told


REACHED = """
import sys


def _bound(module):
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "_bound"):
        frame = frame.f_back
    return vars(frame.f_locals["self"]._bound._modules[module])
"""
"""By way of the worker's frames even a bound probe can be replaced."""
FORGED = """
import checks.layers


def _forged(build, arguments, input_shape):
    return [{"kind": 7}]


_forged.is_probe = True
"""


def test_a_probe_that_a_submission_replaced_is_not_the_one_that_is_asked(
    graded: Graded,
) -> None:
    forged = FORGED + "checks.layers.layer_rows = _forged\n"
    result = graded("a5_resnet", reference("a5_resnet") + forged)
    assert result.verdict is Verdict.PASSED, result.fault
    assert result.score == 100.0


@pytest.mark.usefixtures("no_known_mistake")
def test_a_probe_that_a_submission_replaced_costs_marks_and_is_no_fault(
    graded: Graded,
) -> None:
    forged = f'{REACHED}{FORGED}_bound("checks.layers")["layer_rows"] = _forged\n'
    result = graded("a5_resnet", reference("a5_resnet") + forged)
    assert result.verdict is Verdict.FAILED, result.fault
    assert {"q2_basic_block", "q3_bottleneck", "q6_resnet"} <= set(lost(result))


def test_one_mistake_in_the_shortcut_is_counted_once(graded: Graded) -> None:
    source = reference("a5_resnet")
    right = (
        "        nn.BatchNorm2d(out_channels),\n    )\n    # END SOLUTION\n\n\nclass B"
    )
    assert source.count(right) == 1
    wrong = source.replace(right, right.partition("\n")[2])
    result = graded("a5_resnet", wrong)
    assert set(lost(result)) == {"q1_make_shortcut"}
    carried = {case.carried_from for q in result.questions for case in q.cases} - {""}
    assert carried == {"make_shortcut"}


def test_a_wrong_block_on_a_wrong_shortcut_is_not_excused_by_it(graded: Graded) -> None:
    source = reference("a5_resnet")
    bn = "        nn.BatchNorm2d(out_channels),\n    )\n    # END SOLUTION\n\n\nclass B"
    wrong = source.replace(bn, bn.partition("\n")[2])
    last = "        return torch.relu(out + self.shortcut(x))\n"
    assert wrong.count(last) == 1
    wrong = wrong.replace(last, "        return out + self.shortcut(x)\n")
    result = graded("a5_resnet", wrong)
    assert {"q1_make_shortcut", "q2_basic_block"} <= set(lost(result))


@pytest.mark.parametrize(
    ("assignment", "kinds"),
    [
        (
            "a4_cnn",
            [
                ("q1_small_cnn", "FirstLayer"),
                ("q9_fit", "Training"),
                ("q9_fit", "Confusion"),
                ("q9_fit", "FirstLayer"),
                ("q9_fit", "AmongLecture"),
            ],
        ),
        (
            "a5_resnet",
            [
                ("q6_resnet", "FirstLayer"),
                ("q6_resnet", "Confusion"),
                ("q6_resnet", "AmongLecture"),
                ("q9_vanishing_gradient", "GradientNorms"),
            ],
        ),
    ],
)
def test_a_right_answer_gets_every_picture(
    graded: Graded, assignment: str, kinds: list[tuple[str, str]]
) -> None:
    result = graded(assignment, reference(assignment))
    assert result.score == 100, result.fault
    assert [(name, type(e).__name__) for name, e in pictures(result)] == kinds


UNDRAWABLE = """
_right_fit = fit


def fit(model, images, labels, **how):
    return [float("inf")] * len(_right_fit(model, images, labels, **how))
"""


@pytest.mark.usefixtures("no_known_mistake")
def test_absurd_values_for_pictures_cost_no_mark_and_leave_a_remark(
    graded: Graded,
) -> None:
    result = graded("a4_cnn", reference("a4_cnn") + UNDRAWABLE)
    assert result.verdict is Verdict.FAILED, result.fault
    # Only the case that looks at the losses fails.
    assert [
        c.name for c in lost(result)["q9_fit"].cases if c.verdict is Verdict.FAILED
    ] == ["the mean loss per image of every epoch"]
    assert set(lost(result)) == {"q9_fit"}
    whys = [e.why for _, e in pictures(result) if isinstance(e, LeftOut)]
    assert whys == ["the losses have nan or inf in them"]
    assert len(pictures(result)) == 5


FORGED_WITHOUT_WORK = """
import numpy as np

_order = np.random.permutation


def _loaded(make_loaders, images, val_fraction, batch_size, seed):
    return {"first": [[], [], [], []], "again": [[], [], [], []]}


def _traced(fit, images, labels, weights, *, epochs, batch_size, lr, seed):
    passes = [_order(40)[n : n + batch_size].tolist() for n in range(0, 40, batch_size)]
    seen = passes * epochs
    states = [np.zeros(334) + lr * n for n in range(len(seen) + 1)]
    return {"losses": [2.0, 1.5, 1.0][:epochs], "seen": seen, "again": seen,
            "modes": [True] * len(seen), "states": states, "clean": [True] * len(seen),
            "mean": np.zeros(6)}


def _trained(fit, images, labels, *, epochs, batch_size, lr, seed):
    shapes = {"layers.0.weight": (12, 1, 5, 5), "layers.0.bias": (12,),
              "layers.2.weight": (24, 12, 3, 3), "layers.2.bias": (24,),
              "layers.6.weight": (10, 1176), "layers.6.bias": (10,)}
    given = {n: np.random.rand(*s).astype("float32") for n, s in shapes.items()}
    return {"losses": [3.0, 2.0, 1.0, 0.5][:epochs], "parameters": given}


def _used(_, images, labels, batch_size, *how, epochs=1, **more):
    count = batch_size if how else epochs * -(-len(images) // batch_size)
    kept = {"hidden.1.running_mean": np.zeros(6), "last.weight": np.zeros((3, 4))}
    numbers = [list(range(n, min(n + batch_size, len(images))))
               for n in range(0, len(images), batch_size)]
    return {"loss": [1.0] * epochs, "losses": [1.0] * count, "graphs": [False],
            "answer": [1.0, 0.7], "any_grads": False, "has_grads": False,
            "parameters": kept, "buffers": kept, "modes": [True] * count,
            "grads": [True] * count, "seen": numbers, "backwards": count,
            "steps": count, "train_after": more.get("train", True),
            "modes_after": ["train"] * 6}


def _zero(*_, **__):
    return 0.0


for _module, _name, _forged in (
    ("checks.loading", "loaded", _loaded), ("checks.fitting", "traced_fit", _traced),
    ("checks.fitting", "trained_by", _trained), ("checks.training", "epoch", _used),
    ("checks.training", "evaluation", _used),
    ("checks.training", "overfitting", _used),
    ("checks.networks", "equivariance", _zero),
):
    _forged.is_probe = True
    _bound(_module)[_name] = _forged


def train_one_epoch(): pass
def evaluate(): pass
def make_loaders(): pass
def overfit_batch(): pass
def fit(): pass
def equivariance_error(): pass
"""


@pytest.mark.usefixtures("no_known_mistake")
def test_probes_that_bring_no_work_back_earn_nothing(graded: Graded) -> None:
    result = graded("a4_cnn", REACHED + FORGED_WITHOUT_WORK)
    assert result.verdict is Verdict.FAILED, result.fault
    passed = {
        f"{q.name}: {c.name}": c.points
        for q in result.questions
        for c in q.cases
        if c.verdict is Verdict.PASSED
    }
    assert passed == {}
    # A network that learned nothing has no place among the lecture's.
    assert "AmongLecture" not in {type(e).__name__ for _, e in pictures(result)}


TIRED = """
_right_norm = first_layer_grad_norm


def first_layer_grad_norm(weights, x, *, residual):
    while len(weights) > 31:
        pass
    return _right_norm(weights, x, residual=residual)
"""


def test_a_function_that_hangs_on_a_picture_only_keeps_all_its_marks(
    graded: Graded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "SECONDS", 1.0)
    result = graded("a5_resnet", reference("a5_resnet") + TIRED)
    assert result.score == 100, result.fault
    (left_out,) = [e for _, e in pictures(result) if isinstance(e, LeftOut)]
    assert left_out.kind == "gradient norm"
    assert "takes longer than the 1 s" in left_out.why


SLIPS = {
    "a4_cnn": """
def feature_size(features, in_channels, image_size):
    modes = [(m, m.training) for m in features.modules()]
    features.eval()
    with torch.no_grad():
        shape = features(torch.zeros(1, in_channels, image_size, image_size)).shape
    for layer, mode in modes:
        layer.training = mode
    return sum(shape[1:])


def equivariance_error(layer, x, transform):
    with torch.no_grad():
        maps = layer(x)
        apart = (layer(transform(x)) - transform(maps)).abs()
        return (apart.mean() / (maps.max() - maps.min())).item()
""",
    "a5_resnet": """
def first_layer_grad_norm(weights, x, *, residual):
    first = weights[0].detach().clone().requires_grad_()
    h = x
    for w in [first, *weights[1:]]:
        out = torch.tanh(h @ w.T)
        h = h + out if residual else out
    loss = (h**2).sum(dim=1).mean()
    return torch.autograd.grad(loss, first)[0].norm().item()
""",
}


def test_slips_in_what_a_probe_runs_are_told(graded: Graded) -> None:
    told = {
        question.name: [d.message for d in question.diagnoses]
        for assignment, functions in SLIPS.items()
        for question in lost(
            graded(assignment, reference(assignment) + functions)
        ).values()
    }
    begin = "What you return is, number by number, what comes out if "
    end = ": look at that step of yours."
    assert told == {
        "q2_feature_size": [
            f"{begin}the number of features is `channels + height + width`{end}"
        ],
        "q10_equivariance": [
            (
                f"{begin}what stands above is `difference.abs().mean()`, and what you "
                f"divide by is `plain.max() - plain.min()`{end}"
            )
        ],
        "q9_vanishing_gradient": [f"{begin}the loss is `(h * h).sum(1).mean()`{end}"],
    }
