"""The audit of dependencies in CI: it fails on what is known, and says so where nobody answers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[2] / ".ci" / "audit"
FINE = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "c", "skip_reason": "not found"}


def audited(
    tmp_path: Path, packages: list[dict[str, object]] | None
) -> subprocess.CompletedProcess:
    """Run the audit with a program in place of uv that answers so."""
    uv = tmp_path / "uv"
    answer = "" if packages is None else json.dumps({"dependencies": packages})
    uv.write_text(f"#!{sys.executable}\nprint({answer!r})\n")
    uv.chmod(0o755)
    command = [sys.executable, str(AUDIT), str(uv), "requirements.lock"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("packages", [None, [UNKNOWN]])
def test_nobody_answers(tmp_path: Path, packages: list[dict[str, object]] | None) -> None:
    done = audited(tmp_path, packages)
    assert done.returncode == 0
    assert "not audited" in done.stdout


def test_nothing_is_known(tmp_path: Path) -> None:
    done = audited(tmp_path, [FINE, UNKNOWN])
    assert (done.returncode, done.stdout) == (0, "requirements.lock: 1 packages audited\n")


def test_something_is_known(tmp_path: Path) -> None:
    done = audited(tmp_path, [FINE, BAD])
    assert done.returncode == 1
    assert "b 2: PYSEC-1, mended in 3" in done.stdout
