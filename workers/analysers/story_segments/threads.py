"""Threads: shots of one camera's view that come back, as in a conversation cut A-B-A-B.

A shot continues the thread of an earlier one if a homography maps enough points of the earlier one's last picture onto
the later one's first (StoryGraphs, section 3). In place of SIFT the points are ORB's at 640 pixels, which cost a
quarter of SIFT's at 320; on the sample dialogue the pairs they link were all linked by SIFT, which linked more.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.story_segments.looks import ShotLooks, View
from workers.analysers.story_segments.options import Options

#: A point's best counterpart is at most this much as far (in bits) as its second best.
_RATIO = 0.85
#: How far (pixels of the analysed picture) a mapped point may lie from its counterpart.
_TOLERANCE = 3.0
#: Side of the parts (pixels) in which displacements are counted.
_ALIKE = 40
#: Draws of four points: enough where a third of them fits, and six times as fast as OpenCV's default where none does.
_TRIES = 300


def find_links(looks: ShotLooks, options: Options) -> list[tuple[int, int]]:
    """Return pairs of shots (earlier, later), each shot's nearest continuation only, in order.

    Costs shots x reach comparisons at most; a shot's search ends with the first that continues it.
    """
    links = []
    for earlier in range(len(looks.colours)):
        until = min(len(looks.colours), earlier + 1 + options.thread_reach)
        for later in range(earlier + 1, until):
            alike = float(np.minimum(looks.colours[earlier], looks.colours[later]).sum())
            if alike >= options.thread_likeness and same_view(looks.last[earlier], looks.first[later], options):
                links.append((earlier, later))
                break
    return links


def threads_of(count: int, links: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the threads of two shots or more that links make, each rising, by their first shot."""
    thread = list(range(count))
    for earlier, later in links:
        old, new = thread[later], thread[earlier]
        thread = [new if name == old else name for name in thread]
    members: dict[int, list[int]] = {}
    for shot, name in enumerate(thread):
        members.setdefault(name, []).append(shot)
    return sorted(tuple(shots) for shots in members.values() if len(shots) > 1)


def same_view(one: View, other: View, options: Options) -> bool:
    """Return whether two pictures show one camera's view."""
    if min(len(one.points), len(other.points)) < options.thread_points:
        return False
    here, there = _counterparts(one, other)
    if len(here) < options.thread_points or _displaced_alike(here, there) < options.thread_points:
        return False
    _, kept = cv2.findHomography(here, there, cv2.RANSAC, _TOLERANCE, maxIters=_TRIES)
    if kept is None or int(kept.sum()) < options.thread_points:
        return False
    inside = here[kept.ravel() > 0]
    return cv2.contourArea(cv2.convexHull(inside)) >= options.thread_spread * one.width * one.height


def _displaced_alike(here: NDArray[np.float32], there: NDArray[np.float32]) -> int:
    """Return how many points lie in the other picture about as far to one side, three parts of the grid across.

    Points of one camera's view do, even where it moves or zooms a little; a homography is looked for only then.
    """
    places = np.floor((there - here) / _ALIKE).astype(np.int64)
    places -= places.min(axis=0)
    counts = np.zeros(places.max(axis=0) + 1, np.float32)
    np.add.at(counts, (places[:, 0], places[:, 1]), 1)
    return int(cv2.boxFilter(counts, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT).max())


def _counterparts(one: View, other: View) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(one.descriptors, other.descriptors, k=2)
    sure = [p[0] for p in pairs if len(p) == 2 and p[0].distance < _RATIO * p[1].distance]
    here = np.array([one.points[match.queryIdx] for match in sure], np.float32).reshape(-1, 2)
    there = np.array([other.points[match.trainIdx] for match in sure], np.float32).reshape(-1, 2)
    return here, there
