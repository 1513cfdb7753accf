"""Analysis steps: each loads what it needs, calls an analyser, and stores facts in one transaction."""

#: The steps that look at pictures: they see the same ones, decoded once. In this order they end: shots come first,
#: because faces need them, and what is ready soon.
IN_ONE_PASS = ("shots", "surroundings", "subtitles", "shot_looks", "faces")
