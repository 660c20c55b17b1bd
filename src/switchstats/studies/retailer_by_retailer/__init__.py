"""Each retailer of a group by itself, against how those of the other group differ."""

from switchstats.studies.retailer_by_retailer.study import RetailerByRetailer

__all__ = ["RetailerByRetailer"]
