"""What probes rest on, bound before a submission is run.

A probe runs beside the student's code, in one process, and says what it saw. So nothing
that it uses is looked up where that code can put something else:

- **Probes and their helpers** are modules of ``checks`` that no name leads to any more:
  whoever imports ``checks`` later gets another copy.
- **The libraries' functions** that they call stand in copies of the libraries' modules,
  and the builtins in a dict of their own.
- **What can't be copied**, classes and the modules that a library itself calls by name,
  is put back before every probe; what is another one after it was replaced by what the
  probe called, and then its answer counts for nothing. So do hooks and modes of PyTorch
  that hold for all networks.

All of it is Python, and one process: frames, ``gc`` and ``ctypes`` still lead here.
"""

import builtins
import importlib
import pkgutil
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any

PACKAGE = "checks"
"""The public package whose probes may be called, beside the submission's functions."""
SHARED = f"{PACKAGE}.failure"
"""Has the exception that `serve` knows a probe's objection by."""
LIBRARIES = (
    "builtins",
    "copy",
    "functools",
    "itertools",
    "math",
    "numpy",
    "numpy.linalg",
    "random",
    "time",
    "torch",
    "torch.autograd",
    "torch.linalg",
    "torch.nn",
    "torch.nn.functional",
    "torch.nn.init",
    "torch.nn.utils",
    "torch.overrides",
)
"""Modules whose functions are looked after, where they are imported, and with them the
modules of ``torch.nn``'s layers."""
_LAYERS = ("torch.nn.modules.", "torch.nn.parameter", "torch._tensor")
_HOOKS = "_global_"
_UNSET = object()


class Bound:
    """Modules of ``checks`` that were bound, and the libraries as they were then.

    With none bound a probe is looked up where it is, for tests in one process
    """

    def __init__(
        self,
        modules: dict[str, types.ModuleType] | None = None,
        libraries: Sequence[types.ModuleType] = (),
    ) -> None:
        self._modules = modules or {}
        self._names = [(m, _replaceable(vars(m))) for m in libraries]
        self._classes = [(c, dict(vars(c))) for c in _classes_of(libraries)]
        self._hooks = [
            (hooks, dict(hooks))
            for module in libraries
            for name, hooks in vars(module).items()
            if name.startswith(_HOOKS) and isinstance(hooks, dict)
        ]

    def find(self, dotted: str) -> Any:
        """Return what ``checks.module:name`` names, or None."""
        module, _, name = dotted.partition(":")
        if module.partition(".")[0] != PACKAGE:
            return None
        if not self._modules:
            return getattr(importlib.import_module(module), name, None)
        found = self._modules.get(module)
        return None if found is None else vars(found).get(name)

    def adopt(self, owner: Any, name: str, value: Any) -> None:
        """Let a name of a library's be bound to something of the worker's from now."""
        for module, names in self._names:
            if module is owner and name in names:
                names[name] = value

    def put_back(self) -> list[str]:
        """Bind everything as it was, and return what was not."""
        changed = [*self._put_back_names(), *self._put_back_classes()]
        for hooks, before in self._hooks:
            if hooks.keys() != before.keys():
                changed.append("hooks of every network")
                hooks.clear()
                hooks.update(before)
        if _left_modes():
            changed.append("modes of every function")
        return changed

    def _put_back_names(self) -> Iterator[str]:
        for module, names in self._names:
            # PyTorch imports itself in the middle of its functions.
            if sys.modules.get(module.__name__) is not module:
                sys.modules[module.__name__] = module
                yield module.__name__
            there = vars(module)
            for name, value in names.items():
                if there.get(name, _UNSET) is not value:
                    there[name] = value
                    yield f"{module.__name__}.{name}"

    def _put_back_classes(self) -> Iterator[str]:
        for cls, before in self._classes:
            there = vars(cls)
            for name, value in before.items():
                if there.get(name, _UNSET) is not value and _is_replaceable(value):
                    type.__setattr__(cls, name, value)
                    yield f"{cls.__name__}.{name}"
            for name in [n for n in there if n not in before]:
                if callable(there[name]) or hasattr(there[name], "__get__"):
                    type.__delattr__(cls, name)
                    yield f"{cls.__name__}.{name}"


def bind() -> Bound:
    """Bind all of ``checks`` that can be imported, and the libraries as they are.

    What needs PyTorch is bound where PyTorch is imported already
    """
    shared = importlib.import_module(SHARED)
    _taken_out()
    sys.modules[SHARED] = shared
    frozen = _Frozen()
    with _own_builtins(), _without("torch"):
        package = importlib.import_module(PACKAGE)
        for found in pkgutil.iter_modules(package.__path__, f"{PACKAGE}."):
            try:
                importlib.import_module(found.name)
            except ImportError:
                continue
    modules = _taken_out()
    for module in modules.values():
        for name, value in [*vars(module).items()]:
            if isinstance(value, types.ModuleType) and value.__name__ in LIBRARIES:
                vars(module)[name] = frozen.of(value)
    libraries = [
        module
        for name, module in [*sys.modules.items()]
        if isinstance(module, types.ModuleType)
        and (name in LIBRARIES or name.startswith(_LAYERS))
    ]
    return Bound(modules, libraries)


class _Frozen:
    """Copies of libraries' modules: their names as they are bound now."""

    def __init__(self) -> None:
        self._copies: dict[str, types.ModuleType] = {}

    def of(self, module: types.ModuleType) -> types.ModuleType:
        name = module.__name__
        if name not in self._copies:
            copy = self._copies[name] = types.ModuleType(name, module.__doc__)
            vars(copy).update(vars(module))
            for key, value in vars(module).items():
                if isinstance(value, types.ModuleType) and value.__name__ in LIBRARIES:
                    vars(copy)[key] = self.of(value)
        return self._copies[name]


class _WithBuiltins(Loader):
    """Runs a module with builtins of its own; its functions keep them."""

    def __init__(self, loader: Loader, own: dict[str, Any]) -> None:
        self._loader = loader
        self._own = own

    def create_module(self, spec: ModuleSpec) -> types.ModuleType | None:
        """Make the module as ever."""
        return self._loader.create_module(spec)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run it."""
        vars(module)["__builtins__"] = self._own
        self._loader.exec_module(module)


class _Finder(MetaPathFinder):
    """Finds the modules of ``checks``, and lets them have builtins of their own."""

    def __init__(self) -> None:
        self._own = dict(vars(builtins))

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Find a module where it always is."""
        if fullname.partition(".")[0] != PACKAGE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _WithBuiltins(spec.loader, self._own)
        return spec


@contextmanager
def _own_builtins() -> Iterator[None]:
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def _without(library: str) -> Iterator[None]:
    """Let nothing in the block import a library that is not there yet: that is slow."""
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment] # refuses every import
    try:
        yield
    finally:
        del sys.modules[library]


def _taken_out() -> dict[str, types.ModuleType]:
    names = [n for n in sys.modules if n.partition(".")[0] == PACKAGE]
    return {name: sys.modules.pop(name) for name in names}


def _replaceable(names: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in names.items() if _is_replaceable(value)}


def _is_replaceable(value: Any) -> bool:
    """Tell functions, classes, methods, modules and constants from a module's state."""
    return (
        callable(value)
        or isinstance(value, (types.ModuleType, float))
        or hasattr(value, "__get__")
    )


def _classes_of(libraries: Iterable[types.ModuleType]) -> list[type]:
    """Return PyTorch's classes whose methods can be replaced.

    Without optimizers: PyTorch itself wraps the steps of those that are used
    """
    found: dict[type, None] = {}
    for module in libraries:
        for value in vars(module).values():
            if isinstance(value, type):
                found |= dict.fromkeys(type.__dict__["__mro__"].__get__(value))
    return [c for c in found if c.__module__.startswith(_LAYERS) or _is_tensor(c)]


def _is_tensor(cls: type) -> bool:
    return (cls.__module__, cls.__name__) in {
        ("torch", "Tensor"),
        ("torch.nn.parameter", "Parameter"),
    }


def _left_modes() -> bool:
    """End the modes in which all of PyTorch's functions run; tell if there were any.

    One stays: ``torch.set_default_device`` is a mode as well, and a plain setting
    """
    torch = sys.modules.get("torch")
    if torch is None:
        return False
    core: Any = vars(vars(torch)["_C"])
    settings: list[Any] = []
    strange = False
    for _ in range(core["_len_torch_function_stack"]()):
        mode = core["_pop_torch_function_stack"]()
        if type(mode).__module__ == "torch.utils._device":
            settings.insert(0, mode)
        else:
            strange = True
    for mode in settings:
        core["_push_on_torch_function_stack"](mode)
    for _ in range(core["_len_torch_dispatch_stack"]()):
        core["_pop_torch_dispatch_stack"]()
        strange = True
    return strange
