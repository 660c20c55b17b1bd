"""The `switchstats` command, also as `python -m switchstats`."""

import sys

__all__ = ["main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interruption while it is still being loaded ends it in silence."""
    try:
        from switchstats.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
