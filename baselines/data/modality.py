"""Features of one kind over a grid of places, where only what is there is held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Modality:
    """K vectors, and the grid that says which places they stand at.

    What stood in a missing cell is not here, so that it can reach no output (specification, missing rule), and costs
    neither memory nor arithmetic: of the sound in a clip of four people a dense array would hold three quarters zeros.
    """

    rows: Tensor  # (K, D)
    mask: Tensor  # (*grid) bool; its True places, in row-major order, are those of the rows

    @classmethod
    def of(cls, dense: Tensor, mask: Tensor) -> Modality:
        """Return the modality of a dense array (*grid, D); what stands where the mask is False is left behind."""
        return cls(dense[mask], mask)

    @property
    def dim(self) -> int:
        return self.rows.shape[1]

    def dense(self) -> Tensor:
        """Return (*grid, D), zeros where nothing is there."""
        full = self.rows.new_zeros((*self.mask.shape, self.dim))
        full[self.mask] = self.rows
        return full

    def encode(self, net: Callable[[Tensor], Tensor]) -> Tensor:
        """Return net(x) (*grid, E) with x = 0 where nothing is there; the answer to zeros is computed once."""
        encoded = net(torch.cat([self.rows.new_zeros(1, self.dim), self.rows]))
        numbers = self._numbers() + 1
        return encoded.index_select(0, numbers.flatten()).unflatten(0, self.mask.shape)

    def select(self, places: Tensor) -> Modality:
        """Return the modality over another grid: `places` holds flat numbers of this grid, -1 for an empty place."""
        flat = torch.cat([self._numbers().flatten(), self.mask.new_full((1,), -1, dtype=torch.long)])
        chosen = flat[places]  # -1 is the last, the empty one
        return Modality(self.rows[chosen[chosen >= 0]], chosen >= 0)

    def keep(self, kept: Tensor) -> Modality:
        """Return only what stands where `kept` (broadcast to the grid) is True."""
        mask = self.mask & kept
        return Modality(self.rows[mask[self.mask]], mask)

    def none(self) -> Modality:
        """Return the same grid with nothing there."""
        return Modality(self.rows[:0], torch.zeros_like(self.mask))

    def to(self, device: torch.device) -> Modality:
        return Modality(self.rows.to(device, non_blocking=True), self.mask.to(device, non_blocking=True))

    def _numbers(self) -> Tensor:
        """Return which row stands at each place of the grid, -1 for none."""
        numbers = torch.full(self.mask.shape, -1, dtype=torch.long, device=self.mask.device)
        numbers[self.mask] = torch.arange(len(self.rows), device=self.mask.device)
        return numbers
