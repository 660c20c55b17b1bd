"""What is known besides a table, and every mistake in saying it at once."""

from fractions import Fraction
from pathlib import Path

import pytest

from switchstats.bounds import Ordering, Share, Volume, audit
from switchstats.errors import InputError
from switchstats.runs import read_known
from switchstats.values import PublishedTable

GOOD = """\
total = 120000

[[volume]]
retailer = "関西電力"
period = "2023年1～2月"
low = 1000

[[volume]]
group = "entrant"
requests = 40000

[[share]]
retailer = "shikoku"
high = 0.3

[[ordering]]
retailers = ["kansai", "Shikoku Electric Power"]
period = "2023-01..2023-02"
"""


def test_every_kind_is_read_exactly(tmp_path: Path, committee: PublishedTable) -> None:
    path = tmp_path / "known.toml"
    path.write_text(GOOD, encoding="utf-8")
    known = read_known(path, committee)
    months = committee.periods[2].period
    assert known.total == 120000
    assert known.constraints == (
        Volume(retailer="kansai", low=1000, period=months),
        Volume(group="entrant", low=40000, high=40000),
        Share(retailer="shikoku", high=Fraction(3, 10)),
        Ordering(("kansai", "shikoku"), months),
    )


def test_what_is_known_narrows(tmp_path: Path, committee: PublishedTable) -> None:
    path = tmp_path / "known.toml"
    path.write_text('[[share]]\nretailer = "kansai"\nlow = 0.2\nhigh = 0.25\n', encoding="utf-8")
    found = audit(committee, read_known(path, committee).constraints)
    share = found.unit_share("kansai").interval
    assert (share.low, share.high) == (pytest.approx(0.2), pytest.approx(0.25))


def test_all_mistakes_are_named_at_once(tmp_path: Path, committee: PublishedTable) -> None:
    path = tmp_path / "known.toml"
    path.write_text(
        """\
total = -5
volumes = 3
[[volume]]
retailer = "nobody"
requests = 5
[[volume]]
group = "entrant"
requests = 5
low = 4
[[share]]
retailer = "kansai"
high = 1.5
[[share]]
retailer = "kansai"
portion = 0.1
[[ordering]]
retailers = ["kansai"]
[[ordering]]
retailers = ["kansai", "shikoku"]
period = "2021年度"
""",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_known(path, committee)
    message = str(caught.value)
    for words in (
        *("known.toml", "total is a whole number", "'volumes'", "[[volume]] 1", "'nobody'"),
        *("[[volume]] 2", "requests, or low and high", "[[share]] 1", "between 0 and 1"),
        *("[[share]] 2", "unknown portion", "[[ordering]] 1", "at least two"),
        *("[[ordering]] 2", "does not print"),
    ):
        assert words in message


@pytest.mark.parametrize("content", [b"total = ", b"total = 1.2.3", b"\x83\x65 = 1"])
def test_what_is_no_toml_is_refused(
    tmp_path: Path, committee: PublishedTable, content: bytes
) -> None:
    path = tmp_path / "known.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not TOML"):
        read_known(path, committee)


def test_a_missing_file_is_named(tmp_path: Path, committee: PublishedTable) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        read_known(tmp_path / "none.toml", committee)
