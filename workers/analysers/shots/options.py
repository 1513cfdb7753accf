"""What may be chosen about shots."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """AdaptiveDetector calls the first three adaptive_threshold, window_width and min_content_val."""

    contrast: float = 3.0
    """How many times the mean of its neighbours a cut's score is."""
    window: int = 2
    """Neighbours looked at on either side."""
    smallest_score: float = 15.0
    """A weaker change (of 255) is no cut, however still its surroundings."""
    smallest_difference: float = 4.0
    """Nor is a smaller mean difference of the colours (of 255), whatever the score: in the dark, hue is noise."""
    reach_ms: int = 250
    """Pictures further away than this are no neighbours: stills that follow each other are cuts."""
    repeat_difference: float = 0.4
    """A frame whose colours differ by at most this (of 255) repeats the picture before it."""
    blank_luma: float = 12.0
    """A frame is blank where its mean luma is at most this ..."""
    blank_spread: float = 4.0
    """... and its standard deviation at most this: a night scene has lights."""
    blank_ms: int = 120
    """A blank of at least this length between two pictures is a fade, even where no cut stands out."""
    analysis_width: int = 320
