"""The command line: each verb parses, calls the library and prints."""

from switchstats.cli.main import main

__all__ = ["main"]
