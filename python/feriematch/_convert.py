"""Hands tables to other libraries, or says what to install."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    import polars

    from feriematch._feriematch import Table


def to_arrow(table: Table) -> Any:
    return _library("pyarrow", "arrow").table(table)


def to_pandas(table: Table) -> pandas.DataFrame:
    _library("pandas", "pandas")
    # pandas alone does not read Arrow; pyarrow makes the columns.
    frame: pandas.DataFrame = _library("pyarrow", "pandas").table(table).to_pandas()
    return frame


def to_polars(table: Table) -> polars.DataFrame:
    frame: polars.DataFrame = _library("polars", "polars").DataFrame(table)
    return frame


def _library(name: str, extra: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise ImportError(f"this needs {name}: pip install 'feriematch[{extra}]', or pip install {name}", name=name) from missing
