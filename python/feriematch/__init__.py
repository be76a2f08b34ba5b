"""Match young people to municipal summer jobs: exactly, reproducibly, explainably.

    >>> import feriematch
    >>> season = feriematch.Season.read("data/stockholm-2015")
    >>> outcome = season.match()
    >>> assert outcome.verify()
    >>> offers = outcome.offers.to_pandas()

A season is a folder of files; docs/formats.md says what they may look like and docs/python.md how to use this package. Problems of the
input are raised as ``feriematch.errors.InvalidInput`` with one ``Diagnostic`` each: file, line, column, what, and how to mend it. Whatever
takes time runs with the global interpreter lock released, and gives the same bytes for any number of threads.
"""

from feriematch import errors, plan
from feriematch._feriematch import (
    Diagnostic,
    Outcome,
    Refutation,
    Season,
    Table,
    Verification,
    __version__,
    check,
)

__all__ = [
    "Diagnostic",
    "Outcome",
    "Refutation",
    "Season",
    "Table",
    "Verification",
    "__version__",
    "check",
    "errors",
    "plan",
]
