"""What files hold, by digest; a file that was not touched is not read again for it."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from switchstats.engines.streams import readable
from switchstats.whole_file import whole_file

__all__ = ["Known", "digests_of"]

_BLOCK = 1 << 22
# sha256 by path, with the size and the times of the file that it was taken of
Known = dict[str, list[object]]


def digests_of(paths: Sequence[Path], memory: Path) -> dict[Path, str]:
    """Return the sha256 of every file, and remember them in `memory`.

    A file of the same size, inode and times (of content and of status) as remembered keeps its
    digest: rewriting content changes a time that no user can set back.
    """
    known = _recall(memory)
    found: dict[Path, str] = {}
    fresh: Known = {}
    for path in paths:
        with readable(path.name):
            state = path.stat()
        signature = [state.st_size, state.st_ino, state.st_mtime_ns, state.st_ctime_ns]
        remembered = known.get(str(path))
        same = remembered is not None and remembered[:-1] == signature
        digest = str(remembered[-1]) if same and remembered is not None else _sha256(path)
        found[path] = digest
        fresh[str(path)] = [*signature, digest]
    if fresh != known:
        with whole_file(memory) as part:
            part.write_text(json.dumps(fresh, indent=1), encoding="utf-8")
    return found


def _recall(memory: Path) -> Known:
    try:
        return json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with readable(path.name), path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
