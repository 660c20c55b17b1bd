"""What the package shows, and what importing it costs."""

import re
import subprocess
import sys

import pytest

import switchstats as ss

SLOW = ("matplotlib", "statsmodels", "pandas", "scipy.stats", "pdfplumber", "jinja2")


def test_every_public_name_is_there() -> None:
    for name in ss.__all__:
        assert getattr(ss, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ss.nothing


def test_the_names_are_the_table_of_contents_and_nothing_else() -> None:
    contents = [
        name
        for line in re.findall(r"^(?:- | {2})(.*`,?)$", ss.__doc__, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", line)
    ]
    assert len(contents) == len(set(contents))
    assert sorted(contents) == [name for name in dir(ss) if name != "__version__"]
    assert set(dir(ss)) == set(ss.__all__)


@pytest.mark.parametrize("code", ["import switchstats", "from switchstats.cli import main"])
def test_importing_pulls_in_nothing_slow(code: str) -> None:
    program = f"import sys; {code}; print([m for m in {SLOW!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
