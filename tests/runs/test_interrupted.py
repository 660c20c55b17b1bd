"""A run that is interrupted, or whose files change under it, leaves nothing and frees its study."""

import signal
import subprocess
import sys
import time

import pytest

from switchstats.errors import InputError
from switchstats.readers import read_counts
from switchstats.runs.study_run import run_study

# a shell that runs the tests in the background has SIGINT ignored, and children inherit that
INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from switchstats.__main__ import main; main()"
)


def test_an_interrupted_run_frees_its_study(study, months) -> None:
    path = study()
    months["2022-04"].to_csv(path.parent / "data" / "a.csv", index=False)
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "run", str(path)],
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 60
    while not list((path.parent / "runs").glob(".0001-*")) and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert not list((path.parent / "runs").glob("*0001*"))
    assert run_study(path).number == 1


def test_files_that_change_between_digest_and_reading_are_refused(
    study, months, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = study()
    months["2022-04"].to_csv(path.parent / "data" / "a.csv", index=False)

    def late(*arguments: object, **options: object) -> object:
        months["2022-05"].to_csv(path.parent / "data" / "a.csv", index=False)
        return read_counts(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("switchstats.readers.read_counts", late)
    with pytest.raises(InputError, match=r"a\.csv: the file changed while it was read"):
        run_study(path)
    assert not list((path.parent / "runs").glob("*0001*"))
