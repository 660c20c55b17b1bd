"""Pictures of values, one file a picture; each has its `*_data` beside it."""

from switchstats.figures.attrition_flow import attrition_flow, attrition_flow_data
from switchstats.figures.by_period import rates_by_period, rates_by_period_data
from switchstats.figures.calibration import calibration_table, calibration_table_data
from switchstats.figures.calibration_profile import (
    calibration_profile,
    calibration_profile_data,
)
from switchstats.figures.event_study import event_study, event_study_data
from switchstats.figures.files import figure_bytes, save_figure
from switchstats.figures.forest import forest, forest_data
from switchstats.figures.funnel import funnel, funnel_data
from switchstats.figures.identified import identified_shares, identified_shares_data
from switchstats.figures.leaked_fields import leaked_fields_by_area, leaked_fields_by_area_data
from switchstats.figures.monthly_trend import monthly_trend, monthly_trend_data
from switchstats.figures.of_finding import picture_names, pictures
from switchstats.figures.permutation_distribution import (
    permutation_distribution,
    permutation_distribution_data,
)
from switchstats.figures.power_curve import power_curve, power_curve_data
from switchstats.figures.specification_curve import (
    specification_curve,
    specification_curve_data,
)
from switchstats.figures.style import HouseFigure, Size
from switchstats.figures.track_record import track_record, track_record_data
from switchstats.figures.waterfall import waterfall, waterfall_data

__all__ = [
    "HouseFigure",
    "Size",
    "attrition_flow",
    "attrition_flow_data",
    "calibration_profile",
    "calibration_profile_data",
    "calibration_table",
    "calibration_table_data",
    "event_study",
    "event_study_data",
    "figure_bytes",
    "forest",
    "forest_data",
    "funnel",
    "funnel_data",
    "identified_shares",
    "identified_shares_data",
    "leaked_fields_by_area",
    "leaked_fields_by_area_data",
    "monthly_trend",
    "monthly_trend_data",
    "permutation_distribution",
    "permutation_distribution_data",
    "picture_names",
    "pictures",
    "power_curve",
    "power_curve_data",
    "rates_by_period",
    "rates_by_period_data",
    "save_figure",
    "specification_curve",
    "specification_curve_data",
    "track_record",
    "track_record_data",
    "waterfall",
    "waterfall_data",
]
