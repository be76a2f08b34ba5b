"""Tables: the same rows and masks as the files, with types that every library reads."""

from __future__ import annotations

import csv
import datetime
import decimal
import sys
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow
import pytest

import feriematch

TABLES = {"offers": "offers.csv", "waiting_list": "waiting-list.csv", "jobs": "jobs.csv", "not_eligible": "not-eligible.csv"}
MASKED = "***"


def as_file_writes(value: Any) -> str:
    """Returns what a CSV file has for a value."""
    if value is None:
        return ""
    if isinstance(value, decimal.Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def is_same(cell: str, value: Any) -> bool:
    if isinstance(value, decimal.Decimal):
        # Hours are written without needless decimals.
        return decimal.Decimal(cell.replace(",", ".")) == value
    return cell == as_file_writes(value)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[feriematch.Outcome, Path]:
    folder = tmp_path_factory.mktemp("masked") / "season"
    folder.mkdir()
    source = Path(__file__).resolve().parents[2] / "data" / "stockholm-2015"
    for name in ("season.toml", "jobs.csv"):
        (folder / name).write_bytes((source / name).read_bytes())
    lines = (source / "applicants.csv").read_text("utf-8-sig").splitlines()
    header = lines[0].split(";")
    at = header.index("protected")
    rows = [";".join([*header, "name"])]
    for number, line in enumerate(lines[1:]):
        cells = line.split(";")
        # One of them may take nothing.
        if number % 5 == 0 or cells[0] == "A-0623":
            cells[at] = "yes"
        rows.append(";".join([*cells, f"Namn{number}" if number % 3 else ""]))
    (folder / "applicants.csv").write_text("\n".join(rows) + "\n", "utf-8")
    outcome = feriematch.Season.read(folder).match()
    outcome.write(folder / "outcome")
    return outcome, folder / "outcome"


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_is_that_of_the_file(both: tuple[feriematch.Outcome, Path], name: str) -> None:
    outcome, folder = both
    with (folder / TABLES[name]).open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file, delimiter=";")
    table: feriematch.Table = getattr(outcome, name)
    assert list(table.column_names) == [*header, "masked"]
    rows = table.to_arrow().to_pylist()
    assert len(table) == len(rows) == len(lines)
    masked = 0
    for line, row in zip(lines, rows, strict=True):
        assert row["masked"] == (MASKED in line)
        for column, cell in zip(header, line, strict=True):
            if cell == MASKED:
                assert row[column] is None
                masked += 1
            else:
                assert is_same(cell, row[column]), (column, cell, row[column])
    assert masked > 0


def test_decisions_mask_what_the_lists_mask(both: tuple[feriematch.Outcome, Path]) -> None:
    outcome, _ = both
    rows = outcome.decisions.to_arrow().to_pylist()
    assert len(rows) == outcome.season.applicants
    assert sum(row["verdict"] == "placed" for row in rows) == outcome.placed == len(outcome.offers)
    assert sum(row["verdict"] == "waiting" for row in rows) == outcome.waiting == len(outcome.waiting_list)
    assert sum(row["verdict"] == "ineligible" for row in rows) == outcome.ineligible
    offers = {row["applicant_id"]: row for row in outcome.offers.to_arrow().to_pylist()}
    waiting = {row["applicant_id"]: row for row in outcome.waiting_list.to_arrow().to_pylist()}
    streams = [column for column in outcome.waiting_list.column_names if column.startswith("reason_")]
    for row in rows:
        same = ("lottery_number", "ranking_position", "masked")
        if row["verdict"] == "placed":
            offer = offers[row["applicant_id"]]
            assert [row[key] for key in (*same, "job_id", "wish", "given_by", "funding")] == [
                offer[key] for key in (*same, "job_id", "wish", "given_by", "funding")
            ]
        if row["verdict"] == "waiting":
            wait = waiting[row["applicant_id"]]
            assert [row[key] for key in same] == [wait[key] for key in same]
            reasons = [wait[stream] for stream in streams]
            assert row["reasons"] == (None if row["masked"] else reasons)
        if row["masked"]:
            assert (row["wish"], row["reasons"], row["rules"]) == (None, None, None)


def test_types(outcome: feriematch.Outcome) -> None:
    schema = outcome.offers.to_arrow().schema
    assert schema.field("ranking_position").type == pyarrow.uint32()
    assert schema.field("birth_date").type == pyarrow.date32()
    assert schema.field("wage_per_hour").type == pyarrow.decimal128(18, 2)
    assert schema.field("hours").type == pyarrow.decimal128(18, 2)
    assert schema.field("wish").type == pyarrow.uint16()
    assert schema.field("masked").type == pyarrow.bool_()
    assert outcome.decisions.to_arrow().schema.field("reasons").type.value_type == pyarrow.string()


def test_pandas_polars_and_arrow_read_the_same(outcome: feriematch.Outcome) -> None:
    arrow, frame, polar = outcome.offers.to_arrow(), outcome.offers.to_pandas(), outcome.offers.to_polars()
    assert isinstance(frame, pandas.DataFrame)
    assert isinstance(polar, polars.DataFrame)
    assert len(frame) == polar.height == arrow.num_rows == len(outcome.offers)
    assert list(frame["applicant_id"]) == polar["applicant_id"].to_list() == arrow["applicant_id"].to_pylist()
    assert list(frame["wage_per_hour"]) == polar["wage_per_hour"].to_list() == arrow["wage_per_hour"].to_pylist()
    # Whoever speaks the interface needs no helper.
    assert pyarrow.table(outcome.offers) == arrow
    assert polars.DataFrame(outcome.offers).equals(polar)
    assert pyarrow.schema(outcome.offers) == arrow.schema


def test_nothing_is_copied(outcome: feriematch.Outcome) -> None:
    table = outcome.decisions
    first, second = pyarrow.table(table), pyarrow.table(table)
    for column in ("ranking_position", "applicant_id"):
        addresses = [t[column].chunk(0).buffers()[-1].address for t in (first, second)]
        assert addresses[0] == addresses[1]
    del table, first
    assert len(second["applicant_id"].to_pylist()) == outcome.season.applicants


def test_duckdb_reads_tables(outcome: feriematch.Outcome) -> None:
    duckdb = pytest.importorskip("duckdb")
    offers = outcome.offers  # noqa: F841  DuckDB finds it by its name.
    found = duckdb.sql("select count(*), count(distinct job_id), min(first_day) from offers").fetchall()
    rows = outcome.offers.to_arrow().to_pylist()
    assert found == [(len(rows), len({row["job_id"] for row in rows}), min(row["first_day"] for row in rows))]


def test_a_missing_library_is_named(outcome: feriematch.Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ImportError, match=r"pip install 'feriematch\[polars\]'"):
        outcome.offers.to_polars()
