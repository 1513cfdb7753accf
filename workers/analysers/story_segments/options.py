"""What may be chosen about story segments, and about the looks that they are made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LooksOptions:
    """How the pictures of shots are described while the video passes by."""

    every_ms: int = 2000
    """How often a picture is described, beside the first and the last of each shot."""
    colours_width: int = 320
    view_width: int = 640
    captions: float = 0.25
    """The lowest part of the picture has no points: a caption that outlasts a cut would make one view of two shots."""
    points: int = 300
    """At most so many ORB points describe the first and the last picture of a shot."""


@dataclass(frozen=True)
class Options:
    """The names of the paper stand in brackets."""

    thread_reach: int = 24
    """A shot is compared with so many shots after it."""
    thread_points: int = 20
    """So many points of two pictures that one homography maps onto each other make them one camera's view."""
    thread_spread: float = 0.06
    """Those points lie in at least this share of the picture: a channel's logo or a caption is no view."""
    thread_likeness: float = 0.35
    """Shots whose colours are less alike than this (0 to 1) are not compared by points, which costs more."""
    longest: int = 100
    """Shots in a scene at most, threads aside [N_l]."""
    decay: float = 0.5
    """What likeness counts less at the end of the longest scene than at its start."""
    fresh: float = 0.0
    """What the first shot of a scene counts (0 to 1): more gives more and shorter scenes."""
    shots_per_scene: float = 5.0
    """There are at most as many scenes as shots by this, or as few as `longest` allows."""
