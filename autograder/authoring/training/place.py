"""Where a network is trained: what depends on the kind of device is asked here only.

So a CPU and a GPU run one code, and a test can run on a CPU what a GPU would do.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import torch
from torch import nn

from autograder.errors import StaffError


@dataclass(frozen=True, slots=True)
class Place:
    """A device, and how it is used.

    quick : in bfloat16 where that does no harm, and compiled; as a rule on a GPU
    """

    device: torch.device
    quick: bool = False

    @classmethod
    def chosen(cls, wanted: str) -> Self:
        """Return where to train: ``cpu``, ``cuda``, or a GPU where there is one.

        wanted : ``auto``, ``cpu`` or ``cuda``
        Raises StaffError for another, or where there is no GPU
        """
        there = torch.cuda.is_available()
        if wanted not in {"auto", "cpu", "cuda"}:
            raise StaffError(
                "--device", f"{wanted} is not known", "give auto, cpu or cuda"
            )
        if wanted == "cuda" and not there:
            raise StaffError(
                "--device", "there is no CUDA GPU here", "give cpu or auto"
            )
        on_gpu = there and wanted != "cpu"
        return cls(torch.device("cuda" if on_gpu else "cpu"), quick=on_gpu)

    @property
    def name(self) -> str:
        """What the device is, for a card."""
        if self._is_gpu:
            return torch.cuda.get_device_name(self.device)
        return f"CPU, {torch.get_num_threads()} threads"

    def put(self, model: nn.Module) -> nn.Module:
        """Move a model here, its maps laid out with the channels last."""
        placed: nn.Module = model.to(self.device)
        placed.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return placed

    def rounding(self) -> contextlib.AbstractContextManager[object]:
        """Return a block in which products are computed as coarsely as is quick."""
        if not self.quick:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)

    def compiled(self, model: nn.Module) -> Callable[..., torch.Tensor]:
        """Return the model's forward pass; a CPU need not have a C++ compiler."""
        if not self.quick:
            return model
        backend = "inductor" if self._is_gpu else "eager"
        forward: Callable[..., torch.Tensor] = torch.compile(model, backend=backend)
        return forward

    def watch_memory(self) -> None:
        """Count the most memory in use from here on."""
        if self._is_gpu:
            torch.cuda.reset_peak_memory_stats(self.device)

    def most_memory_mib(self) -> int | None:
        """Return the most memory in use since `watch_memory`; None on a CPU."""
        if not self._is_gpu:
            return None
        return round(torch.cuda.max_memory_allocated(self.device) / 2**20)

    @property
    def _is_gpu(self) -> bool:
        return self.device.type == "cuda"
