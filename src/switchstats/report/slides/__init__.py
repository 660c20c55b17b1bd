"""Slides with the committee's conventions: what they say, how large it is, and the file."""

from switchstats.report.slides.deck import Chart, Charts, Deck, Series, Slide
from switchstats.report.slides.finding import finding_slides
from switchstats.report.slides.pptx import render_slides

__all__ = ["Chart", "Charts", "Deck", "Series", "Slide", "finding_slides", "render_slides"]
