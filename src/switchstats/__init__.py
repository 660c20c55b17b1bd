"""Did incumbents get fewer switching errors? Retailer-level statistics for abolition requests."""

__version__ = "0.1.0.dev0"
