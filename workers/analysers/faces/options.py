"""What may be chosen in finding faces. Sizes are in pixels of the proxy, times in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

NAME = "faces"
VERSION = "1"


@dataclass(frozen=True)
class Options:
    look_every_ms: int = 250
    """Between two looks a face's box holds: intersection over union above .4 for 96 % of faces at 4 looks a second."""
    detection_side: int = 640
    """Longer side of the picture in which faces are searched."""
    smallest_face: int = 20
    """Shorter side of the smallest face searched, in that picture."""
    sure_score: float = 0.9
    """A face this sure may start a track ..."""
    unsure_score: float = 0.7
    """... and one this sure may continue it."""
    kept_score: float = 0.95
    """A track that was nowhere this sure is no face: hands and ears stay below it."""
    longest_gap_ms: int = 750
    """A track survives looks without its face for this long: a hand, a turned head."""
    pictures_per_track: int = 3
    """So many of a track's best pictures are embedded."""
    embedder: str = "auto"
    """`vggface2`, `dlib`, or `auto`: vggface2 where its weights are present, else dlib."""
    smallest_embedded: int = 32
    """A face lower than this (shorter side) tells nobody apart: its track is left without identity."""
    sure_side: int = 48
    """Tracks whose best face is at least this large, ..."""
    sure_sharpness: float = 12.0
    """... this sharp (see pictures.sharpness), ..."""
    sure_frontal: float = 0.35
    """... this frontal (see pictures.frontality), ..."""
    sure_mean_score: float = 0.98
    """... and whose embedded pictures are this sure together, decide who there is; the others may only join. The backs
    of two heads are more alike to an embedder than two faces of one person; the detector's score tells them apart."""
    largest_clustering: int = 4000
    """Of more tracks than this only the longest decide: memory grows with the square."""
    shortest_identity_ms: int = 1000
    """Somebody seen for less in the whole episode is nobody."""
    best_faces: int = 3
