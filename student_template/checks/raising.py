"""Check that a function refuses what its docstring says it refuses."""

from collections.abc import Callable
from typing import Any

from checks.failure import CheckFailedError


def raises(
    error: type[Exception], function: Callable[..., Any], *args: Any, **kwargs: Any
) -> None:
    """Fail unless ``function(*args, **kwargs)`` raises `error`.

    In grading the function runs elsewhere and its exception arrives described, with
    the names of its builtin classes in ``builtin_names``; both forms count. An empty
    ``builtin_names`` is no exception of the student's (a time-out, say): passed on.
    NotImplementedError, the stub's own, is passed on: the work is not started.
    >>> raises(ValueError, int, "seven")
    """
    try:
        function(*args, **kwargs)
    except Exception as caught:
        names = _builtin_names(caught)
        if not names or "NotImplementedError" in names:
            raise
        if error.__name__ not in names:
            raise CheckFailedError(
                "wrong_error",
                f"expected {error.__name__}, got {names[0]}: {caught}",
                coarse=f"a {error.__name__} should have been raised, another error was",
            ) from caught
    else:
        message = f"expected {error.__name__}, but nothing was raised"
        raise CheckFailedError("not_raised", message, coarse=message)


def _builtin_names(caught: Exception) -> tuple[str, ...]:
    described: tuple[str, ...] | None = getattr(caught, "builtin_names", None)
    if described is not None:
        return described
    return tuple(cls.__name__ for cls in type(caught).__mro__)
