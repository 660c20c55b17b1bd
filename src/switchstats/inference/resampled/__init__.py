"""The bootstrap that draws whole retailers again."""

from switchstats.inference.resampled.retailer_bootstrap import (
    retailer_bootstrap,
    retailer_bootstrap_p_values,
)

__all__ = ["retailer_bootstrap", "retailer_bootstrap_p_values"]
