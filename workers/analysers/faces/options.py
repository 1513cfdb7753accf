"""What may be chosen in finding faces. Times are in milliseconds; pixels are those of the proxy."""

from __future__ import annotations

from dataclasses import dataclass

NAME = "faces"
VERSION = "6"


@dataclass(frozen=True)
class Options:
    look_every_ms: int = 125
    """So often every face that is being followed is looked at, with the detector's last network only, ..."""
    still_share: float = 0.1
    """... but where every edge of a face moved by less than this share of its size, only at every second look."""
    search_every_ms: int = 500
    """So often the whole picture is searched, besides at the start of every shot; a face that appears between is
    followed back to where it came from. On a GPU every look is a search."""
    wide_every_ms: int = 3000
    """At the start of every shot, and then so often, small faces are searched too."""
    smallest_face: float = 0.033
    """Shorter side of the smallest face that is searched, as a share of the picture's longer side: 42 of 1280 (every
    second time 35)."""
    smallest_quick: float = 0.08
    """The same between: 102 of 1280, at a third of the cost."""
    sure_score: float = 0.75
    """A face this sure may start a track ..."""
    unsure_score: float = 0.7
    """... and one this sure may continue it."""
    kept_score: float = 0.95
    """A track that was nowhere this sure is no face: hands and ears stay below it."""
    longest_gap_ms: int = 750
    """A track survives looks without its face for this long: a hand, a turned head."""
    unconfirmed_ms: int = 2500
    """The last network alone follows a face for this long; then a search of the picture must find it too."""
    embed_every_ms: int = 1500
    """Of each such time the best picture of a track is embedded."""
    expression_every_ms: int = 500
    """Of each such time the best look at a track says what its expression is."""
    pictures_per_track: int = 3
    """So many of a track's best pictures decide who it is, and may be shown."""
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
    sure_look_score: float = 0.975
    """... and whose looks are this sure on average, decide who there is; the others may only join. The backs of two
    heads are more alike to an embedder than two faces of one person; the detector's score tells them apart."""
    largest_clustering: int = 4000
    """Of more tracks than this only the longest decide: memory grows with the square."""
    shortest_identity_ms: int = 1000
    """Somebody seen for less in the whole episode is nobody."""
    best_faces: int = 3
    """So many pictures of an identity are shown ..."""
    shown_side: int = 160
    """... as squares of this side in pixels."""
