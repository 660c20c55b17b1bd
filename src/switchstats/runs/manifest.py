"""The manifest of a run: every input and output by digest, versions, and the only clock."""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from switchstats.runs.output import MANIFEST
from switchstats.values import Provenance

__all__ = ["write_manifest"]

_LIBRARIES = ("numpy", "scipy", "pandas", "matplotlib", "pdfplumber", "jinja2", "click")


def write_manifest(
    folder: Path,
    provenance: Provenance,
    languages: tuple[str, ...],
    run: Mapping[str, object] | None = None,
) -> None:
    """Write ``manifest.json`` over everything that stands in `folder`.

    Parameters
    ----------
    folder
        A complete output folder.
    provenance
        Of the run.
    languages
        Languages written.
    run
        What a numbered run says of itself besides.
    """
    stamped = replace(provenance, created=datetime.now(UTC).isoformat(timespec="seconds"))
    outputs = [
        {
            "path": path.relative_to(folder).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    content: dict[str, object] = {
        "schema": "switchstats/manifest",
        "schema_version": "1.2",
        "provenance": stamped.to_dict(),
        "languages": list(languages),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "outputs": outputs,
    }
    if run is not None:
        content["run"] = dict(run)
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
