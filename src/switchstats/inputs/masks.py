"""What stands instead of a cell that may be personal."""

__all__ = ["MASK", "masked"]

# In every encoding, and no sign of a formula.
MASK = "****"


def masked(cell: str) -> str:
    """Return nothing of a cell but its number of characters, readable in any language.

    Examples
    --------
    >>> masked("secret")
    '**** (6)'
    """
    return f"{MASK} ({len(cell)})"
