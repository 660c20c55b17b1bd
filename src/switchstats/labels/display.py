"""The language in which values show themselves where none was named."""

import os

from switchstats.labels.text import Language

__all__ = ["LANGUAGE_VARIABLE", "display_language"]

LANGUAGE_VARIABLE = "SWITCHSTATS_LANGUAGE"


def display_language() -> Language:
    """Return the language of the environment variable ``SWITCHSTATS_LANGUAGE``, else English.

    It is asked each time something is shown and touches no result: both languages are in every
    file. A value that was given a language, such as a study's finding, keeps it.

    Examples
    --------
    >>> import os
    >>> os.environ["SWITCHSTATS_LANGUAGE"] = "ja"
    >>> display_language()
    'ja'
    >>> del os.environ["SWITCHSTATS_LANGUAGE"]
    >>> display_language()
    'en'
    """
    return "ja" if os.environ.get(LANGUAGE_VARIABLE) == "ja" else "en"
