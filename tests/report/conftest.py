"""A Japanese face for programs that show pages and slides, whatever the machine has."""

from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the variable that makes such a program use the face that ships with the figures."""
    folder = tmp_path_factory.mktemp("fonts")
    faces = Path(find_spec("matplotlib_fontja").origin).parent / "fonts"
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{faces}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str(file)}
