"""Walks a command through the package: which functions it enters, when first and when last.

Run as a script with the words of a command, it prints the first and the last call
of each ``room.module:function`` as JSON, the first call first. Times are counted in calls.
"""

import inspect
import json
import sys
from pathlib import Path
from types import CodeType, FrameType

import switchstats
from switchstats.cli import main

_HOME = f"{Path(switchstats.__file__).parent}/"


def _name(code: CodeType) -> str | None:
    """Return the name of a function of the package, and nothing for what runs on import."""
    if not code.co_filename.startswith(_HOME) or not code.co_flags & inspect.CO_OPTIMIZED:
        return None
    module = code.co_filename.removeprefix(_HOME).removesuffix(".py").replace("/", ".")
    return f"{module}:{code.co_qualname}"


def walk(words: list[str]) -> dict[str, list[int]]:
    names: dict[CodeType, str | None] = {}
    found: dict[str, list[int]] = {}
    calls = 0

    def enter(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        if event != "call":
            return
        code = frame.f_code
        if code not in names:
            names[code] = _name(code)
        name = names[code]
        back = frame.f_back
        if name is None or (back is not None and back.f_code.co_name == "<module>"):
            return
        calls += 1
        found.setdefault(name, [calls, calls])[1] = calls

    sys.argv = ["switchstats", *words]
    sys.setprofile(enter)
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
    finally:
        sys.setprofile(None)
    return found


if __name__ == "__main__":
    print(json.dumps(walk(sys.argv[1:])))
