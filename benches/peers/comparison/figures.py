"""Figures as text."""

from __future__ import annotations

import math


def grouped(value: float, decimals: int = 0) -> str:
    """Return a number with its thousands apart."""
    return f"{value:,.{decimals}f}".replace(",", "\N{NO-BREAK SPACE}")


def significant(value: float) -> str:
    """Return a number with two significant digits, and all digits before the point."""
    if value <= 0:
        return "0"
    leading = math.floor(math.log10(float(f"{value:.1e}")))
    return grouped(value, max(0, 1 - leading))


def duration(seconds: float) -> str:
    """Return seconds with two significant digits, in milliseconds below one."""
    return f"{significant(seconds)} s" if seconds >= 0.995 else f"{significant(seconds * 1000)} ms"
