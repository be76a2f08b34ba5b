"""What the documentation shows is what happens."""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import pytest
from conftest import CHECKOUT

import feriematch

MANUAL = CHECKOUT / "docs" / "python.md"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the source tree, to write to."""
    data = tmp_path / "data" / "stockholm-2015"
    data.mkdir(parents=True)
    for path in (CHECKOUT / "data" / "stockholm-2015").iterdir():
        if path.is_file():
            shutil.copy(path, data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_manual(checkout: Path) -> None:
    text = re.sub(r"^```.*$", "", MANUAL.read_text("utf-8"), flags=re.MULTILINE)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    test = doctest.DocTestParser().get_doctest(text, {}, "python.md", str(MANUAL), 0)
    assert len(test.examples) > 20
    runner = doctest.DocTestRunner(optionflags=flags)
    printed: list[str] = []
    runner.run(test, out=printed.append)
    assert not printed, "".join(printed)


@pytest.mark.parametrize("text", [(CHECKOUT / "python" / "README.md").read_text("utf-8"), feriematch.__doc__ or ""], ids=["readme", "package"])
def test_the_short_examples(checkout: Path, text: str) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    examples = [example.source for example in doctest.DocTestParser().get_examples(text)]
    assert blocks or examples
    namespace: dict[str, object] = {}
    for source in [*blocks, *examples]:
        exec(compile(source, "example", "exec"), namespace)
