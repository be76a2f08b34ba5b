"""What can go wrong.

Everything but the system's own errors (``OSError``) is a ``FeriematchError``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feriematch._feriematch import Diagnostic

__all__ = ["FeriematchError", "Infeasible", "InvalidInput", "Mismatch", "UsageError"]


class FeriematchError(Exception):
    """Something could not be done as asked."""

    message: str
    """What went wrong."""
    help: str
    """What to do about it; may be empty."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message, help)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message}\n  help: {self.help}" if self.help else self.message


class InvalidInput(FeriematchError, ValueError):
    """Files have errors: all of them are in ``diagnostics``, with the warnings, in the order of the files."""

    diagnostics: tuple[Diagnostic, ...]
    """One for each problem."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        errors = sum(problem.severity == "error" for problem in diagnostics)
        super().__init__(f"the files have {errors} error{'' if errors == 1 else 's'}")
        self.args = (diagnostics,)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join([self.message, *map(str, self.diagnostics)])


class UsageError(FeriematchError, ValueError):
    """What is asked makes no sense, or names something that is not there."""


class Infeasible(FeriematchError):
    """The season cannot be solved as asked."""


class Mismatch(FeriematchError, ValueError):
    """Two things do not belong together: an outcome and another season, or parts of different studies."""
