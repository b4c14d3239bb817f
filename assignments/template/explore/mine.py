"""Your own functions, as they stand in your file now."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib.pyplot as plt
from desk.about import about
from desk.answers import load, own_frames, words_of
from desk.running import missing_function


class NotThereError(LookupError):
    """Your file has no such function."""


class Mine:
    """Your functions by name: ``mine.conv1d``. A change in your file is seen at once.

    assignment : as in ``a1_conv1d``
    """

    def __init__(self, assignment: str) -> None:
        self._about = about(assignment)
        self._loaded: tuple[tuple[int, int], Any] | None = None

    def __getattr__(self, name: str) -> Any:
        """Return a function of your file.

        Raises NotThereError, and whatever importing your file raises
        """
        if name.startswith("__"):
            raise AttributeError(name)
        path = self._about.path
        try:
            status = path.stat()
        except OSError:
            message = f"there is no {self._about.name}/{self._about.file}"
            raise NotThereError(message) from None
        state = (status.st_mtime_ns, status.st_size)
        if self._loaded is None or self._loaded[0] != state:
            self._loaded = (state, load(path))
        found = getattr(self._loaded[1], name, None)
        if found is None:
            raise NotThereError(missing_function([name], vars(self._loaded[1]), path))
        return found

    @contextmanager
    def step(self) -> Iterator[None]:
        """Run a cell as far as your functions go, and say what stopped it."""
        try:
            yield
        except NotThereError as error:
            print(error)
        except NotImplementedError as error:
            print(self._not_written(error))
        except NameError as error:
            print(self._too_early(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            print(f"This cell stopped:\n{words_of(error, self._about.path)}")
        else:
            plt.show()
            return
        plt.close("all")

    def _too_early(self, error: NameError) -> str:
        """Tell a name that an earlier cell makes from one that your file lacks."""
        path = self._about.path
        if own_frames(error, path):
            return f"This cell stopped:\n{words_of(error, path)}"
        return f"An earlier cell has to come first: it makes `{error.name}`."

    def _not_written(self, error: NotImplementedError) -> str:
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        inside = frames[-1].f_code.co_qualname.partition(".")[0]
        for question in self._about.questions:
            if inside in question.functions:
                number = question.number.removeprefix("q")
                return (
                    f"Question {number} (`{inside}`) isn't written yet: this cell "
                    "waits for it. Go on with the next one."
                )
        return f"This isn't written yet: {error}"
