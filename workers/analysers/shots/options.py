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
    smallest_recoloured: float = 0.15
    """Beside a fast pan, this share of the picture must have colours that were not there before."""
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
    sure_difference: float = 12.0
    """How much (of 255) the ends of a span differ that is a dissolve without further doubt, ..."""
    sure_distance: float = 0.18
    """... how far, as a share of that, its frames may be from mixtures of its ends, ..."""
    sure_standing: float = 1.6
    """... and how many times as much as the spans beside it it changes."""
    doubtful_difference: float = 8.0
    """The same where a network is asked."""
    doubtful_distance: float = 0.3
    doubtful_standing: float = 1.3
    dissolve_probability: float = 0.3
    """What the network says at least where a doubtful change is a dissolve or fade."""
    flat_spread: float = 12.0
    """A frame is flat, as in the middle of a fade, where all but the outer tenths of its pixels lie within this."""
    soft_gap_ms: int = 400
    """A soft cut this near a hard one, or another soft one, is the same cut."""
    analysis_width: int = 320
