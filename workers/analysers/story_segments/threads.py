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
#: Draws of four points at most. USAC's samplers and early refusals (OpenCV) find what plain RANSAC finds, in a sixth of
#: its time: of 731 pairs of shots they judged 31 otherwise (25 of them are repeats of three pairs), 29 of which have at
#: most 5 points more or fewer than the limit; the other 2 spread over a little more or less of the picture.
_TRIES = 2000
#: Draws of three points: half as many would do, more cost nothing.
_AFFINE_TRIES = 200
#: Every third point is matched first. Where fewer of them than three quarters of their share are displaced alike, the
#: others are not matched: of 1,563 pairs of shots that leaves out 702, and none of the 322 that show one view.
_GLANCE = 3
_GLANCE_SHARE = 0.75


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
    first = np.arange(len(one.points)) % _GLANCE == 0
    here, there = _counterparts(one, other, first)
    if _displaced_alike(one.points[here], other.points[there]) * _GLANCE < options.thread_points * _GLANCE_SHARE:
        return False
    more_here, more_there = _counterparts(one, other, ~first)
    here, there = np.concatenate([here, more_here]), np.concatenate([there, more_there])
    order = here.argsort()  # as of one match: the draws below depend on it
    matched, counterparts = one.points[here[order]], other.points[there[order]]
    if len(matched) < options.thread_points or _displaced_alike(matched, counterparts) < options.thread_points:
        return False
    return _one_plane(matched, counterparts, options.thread_spread * one.width * one.height, options)


def _one_plane(here: NDArray[np.float32], there: NDArray[np.float32], least_area: float, options: Options) -> bool:
    """Return whether a homography maps enough of the points, [K, 2] each, spread over enough of the picture.

    An affine map is a homography, and found in a hundredth of the time: where the best maps not even half as many, no
    homography was ever seen to map enough, and none is looked for.
    """
    _, kept = cv2.estimateAffine2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=_TOLERANCE, maxIters=_AFFINE_TRIES, refineIters=0
    )
    if kept is None or 2 * int(kept.sum()) < options.thread_points:
        return False
    _, kept = cv2.findHomography(here, there, cv2.USAC_ACCURATE, _TOLERANCE, maxIters=_TRIES)
    if kept is None or int(kept.sum()) < options.thread_points:
        return False
    return cv2.contourArea(cv2.convexHull(here[kept.ravel() > 0])) >= least_area


def _displaced_alike(here: NDArray[np.float32], there: NDArray[np.float32]) -> int:
    """Return how many points lie in the other picture about as far to one side, three parts of the grid across.

    Points of one camera's view do, even where it moves or zooms a little; a homography is looked for only then.
    """
    if not len(here):
        return 0
    places = np.floor((there - here) / _ALIKE).astype(np.int64)
    places -= places.min(axis=0)
    counts = np.zeros(places.max(axis=0) + 1, np.float32)
    np.add.at(counts, (places[:, 0], places[:, 1]), 1)
    return int(cv2.boxFilter(counts, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT).max())


def _counterparts(one: View, other: View, asked: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which of the points of `one` that are `asked` [K] have a counterpart, and which of `other` it is."""
    places = np.flatnonzero(asked)
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(one.descriptors[places], other.descriptors, k=2)
    sure = [p[0] for p in pairs if len(p) == 2 and p[0].distance < _RATIO * p[1].distance]
    here = places[[match.queryIdx for match in sure]] if sure else np.zeros(0, np.int64)
    return here, np.array([match.trainIdx for match in sure], np.int64)
