"""The tables of worked_example.md: an episode whose segments, clips and samples were computed on paper."""

from __future__ import annotations

DURATION_MS = 95_500
MAINS = ("Ada", "Bo", "Cy")
GUEST = "Dee"
ANNOTATORS = ("x", "y", "z")

#: Who, from, to.
UTTERANCES = (
    ("Ada", 1_000, 4_000),
    ("Bo", 6_999, 10_000),
    ("Cy", 13_000, 17_000),
    ("Ada", 16_000, 19_000),
    ("Bo", 20_000, 24_000),
    ("Dee", 24_000, 40_000),
    ("Ada", 54_000, 58_000),
    ("Bo", 58_500, 62_000),
    ("Cy", 64_000, 70_000),
    ("Ada", 70_000, 76_000),
    ("Bo", 81_500, 86_000),
    ("Cy", 88_000, 93_000),
)

#: From, to, utterance; None: visual.
SEGMENTS = (
    (0, 6_999, 0),
    (6_999, 10_000, 1),
    (10_000, 13_000, None),
    (13_000, 16_000, 2),
    (16_000, 20_000, 3),
    (20_000, 24_000, 4),
    (24_000, 40_000, 5),
    (40_000, 54_000, None),
    (54_000, 58_500, 6),
    (58_500, 64_000, 7),
    (64_000, 70_000, 8),
    (70_000, 76_000, 9),
    (76_000, 81_500, None),
    (81_500, 88_000, 10),
    (88_000, 95_500, 11),
)

#: Moment -> its clip.
MOMENTS = {0: "A", 10_500: "B", 11_000: "B", 28_000: "C", 40_000: "D", 67_000: "E", 95_500: "F"}

#: Clip -> first and last segment, from, to, too long.
CLIPS = {
    "A": (0, 0, 0, 6_999, False),
    "B": (0, 3, 0, 16_000, False),
    "C": (5, 6, 20_000, 40_000, False),
    "D": (6, 7, 24_000, 54_000, True),
    "E": (9, 11, 58_500, 76_000, False),
    "F": (14, 14, 88_000, 95_500, False),
}

#: (clip, who) -> what x, y, z say in the end. x first says amazement of Bo in F.
STATES = {
    ("A", "Ada"): ("joy", "joy", "serenity"),
    ("A", "Bo"): ("absent", "absent", "absent"),
    ("A", "Cy"): ("absent", "absent", "no_emotion"),
    ("B", "Ada"): ("no_emotion", "no_emotion", "no_emotion"),
    ("B", "Bo"): ("annoyance", "annoyance", "annoyance"),
    ("B", "Cy"): ("fear", "terror", "apprehension"),
    ("C", "Ada"): ("several", "grief", "grief"),
    ("C", "Bo"): ("joy", "anger", "absent"),
    ("C", "Cy"): ("no_emotion", "no_emotion", "several"),
    ("E", "Ada"): ("interest", "interest", "no_emotion"),
    ("E", "Bo"): ("no_emotion", "no_emotion", "joy"),
    ("E", "Cy"): ("boredom", "loathing", "boredom"),
    ("F", "Ada"): ("absent", "trust", "trust"),
    ("F", "Bo"): ("surprise", "surprise", "distraction"),
    ("F", "Cy"): ("no_emotion", "no_emotion", "no_emotion"),
}
CORRECTED = (("F", "Bo", "x"), "amazement")

#: Clip, moment, who, label of the 24, primary, fine-grained, votes, in the order of a release.
SAMPLES = [
    ("A", 0, "Ada", "joy", "joy", "joy", 2),
    ("B", 10_500, "Ada", "neutral", "neutral", "neutral", 3),
    ("B", 10_500, "Bo", "annoyance", "anger", "annoyance", 3),
    ("B", 11_000, "Ada", "neutral", "neutral", "neutral", 3),
    ("B", 11_000, "Bo", "annoyance", "anger", "annoyance", 3),
    ("C", 28_000, "Ada", "grief", "sadness", "sadness", 2),
    ("E", 67_000, "Ada", "interest", "anticipation", "interest", 2),
    ("E", 67_000, "Cy", "boredom", "disgust", "boredom", 2),
    ("F", 95_500, "Ada", "trust", "trust", "trust", 2),
    ("F", 95_500, "Bo", "surprise", "surprise", "surprise", 2),
    ("F", 95_500, "Cy", "neutral", "neutral", "neutral", 3),
]

#: (clip, who) -> why it gives no sample.
REASONS = {
    ("A", "Bo"): "all_say_absent",
    ("A", "Cy"): "nobody_names_one_emotion",
    ("B", "Cy"): "no_two_agree_on_an_emotion",
    ("C", "Bo"): "no_two_agree_on_an_emotion",
    ("C", "Cy"): "nobody_names_one_emotion",
    ("D", "Ada"): "clip_too_long",
    ("D", "Bo"): "clip_too_long",
    ("D", "Cy"): "clip_too_long",
    ("E", "Bo"): "no_two_agree_on_an_emotion",
}
