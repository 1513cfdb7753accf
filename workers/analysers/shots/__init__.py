"""Find camera shots while the pictures of a video pass by: hard cuts on their frame, soft ones in their middle.

The score of a frame is that of PySceneDetect's ContentDetector: how much hue, saturation and luma changed since the
frame before. A cut is where it stands out from its neighbours, the idea of PySceneDetect's AdaptiveDetector, whose
default threshold, window and smallest score are kept: they hold for its authors' benchmarks (BBC, AutoShot,
ClipShots), more material than any lab's sample. Its other rules are replaced, each for a failing seen in drama:

- no shortest shot in seconds, which hides cuts near the edges of a clip and flash-like inserts (a first shot of three
  frames and an insert of three frames in the sample dialogue); two neighbouring frames still make one cut, as a frame
  blended of two shots scores twice;
- frames at the edges of the video are compared with the neighbours they have;
- repeated pictures (a variable rate made constant, animation on twos) say nothing about motion and are no neighbours;
- a picture that comes back after one or two other frames was a flash, no cut;
- the pixels' difference must stand out too: in a dark picture, and where a fade reaches black, hue is noise; or, beside
  a fast pan, in which all pixels change all the time, the picture must have other colours than before.

Measured within 2 ms of the cut on the sample dialogue (11 marked cuts; its joins count neither way) and four odd clips
(7 cuts by eye, camera pans, a dark audience), precision / recall: AdaptiveDetector as it comes .94 / .83, with a
shortest shot of 2 frames .95 / 1.0, with threshold 2 .90 / 1.0; ContentDetector as it comes 1.0 / .78, with 2 frames
1.0 / 1.0, though it is known to cut inside pans; HashDetector .72 and HistogramDetector .61 recall; this rule
1.0 / 1.0. So small a set shows failings, not rank: of the numbers below only those were chosen here that
AdaptiveDetector does not have, and none of them is near the value where a result would change.

Dissolves and fades are found by a rule for thumbnails (soft.py); where it is in doubt, TransNetV2 decides (judge.py).
They begin their shot in their middle frame.
"""

from workers.analysers.shots.finder import ShotFinder, find_shots, tile
from workers.analysers.shots.options import Options

NAME = "shots"
VERSION = "5"

__all__ = ["NAME", "VERSION", "Options", "ShotFinder", "find_shots", "tile"]
