"""How long and how often is measured."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    quick: bool
    rounds: int
    pace_seconds: float

    @staticmethod
    def from_environment() -> "Settings":
        quick = os.environ.get("QUICK", "") not in ("", "0")
        return Settings(
            quick=quick,
            rounds=int(os.environ.get("ROUNDS") or (2 if quick else 5)),
            pace_seconds=float(os.environ.get("PACE_SECONDS") or (5 if quick else 60)),
        )

    def pick(self, full, quick):
        """The figure for a full run, or the one for a quick run."""
        return quick if self.quick else full
