"""The README.md of an ERATO release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_REASONS: Final = {
    "discarded": "an annotator discarded the clip",
    "too_short": "the clip is too short",
    "too_long": "the clip is too long",
    "too_few_people": "too few people are seen",
    "too_many_people": "too many people are seen",
    "no_answer": "nobody has answered yet",
    "no_majority_for_a_pair": "no pair was chosen by more than half of the annotators",
    "no_majority_for_a_relationship": "no relationship was chosen by more than half of them",
}
_SPLIT: Final = {
    "clip": "A fifth of each category was drawn as the test set, as ERATO was published. Neighbouring clips of one "
    "episode can stand on both sides, with the same people, place and light: test scores are higher than on unseen "
    "episodes.",
    "episode": "No episode stands on both sides. Scores on the test set tell how well a model does on unseen episodes.",
    "series": "No series stands on both sides. Scores on the test set tell how well a model does on unseen series.",
}


def render_erato_datasheet(project: str, statistics: Mapping[str, Any], group_by: str, seed: int) -> str:
    """Return the text. It depends on the release alone: no date, no machine, no path."""
    clips = statistics["clips"]
    lines = [
        f"# {project}: ERATO release",
        "",
        f"{clips['all']} clips of {statistics['episodes']} episodes, {statistics['total_ms'] / 3_600_000:.1f} hours, "
        "each",
        "with the emotional relationship of the two people it is about. `samples.jsonl` holds each clip with its",
        "people, their face spans and pictures, corrected subtitles and labels; `samples.csv` the same without lists;",
        "`statistics.json` all numbers; `snapshot.jsonl` what all of it was made of, so that it can be built again.",
        "",
        "## Labels",
        *_table("relationship", statistics["five"]),
        "",
        *_table("three-way", statistics["three"]),
        "",
        "## Statistics",
        "| | mean | median | known |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | {_number(statistics[key]['mean'])} | {_number(statistics[key]['median'])} "
            f"| {statistics[key]['known']} |"
            for key, name in (
                ("duration_ms", "duration (ms)"),
                ("shots", "shots"),
                ("appearance_ratio", "appearance ratio"),
                ("iom", "IoM"),
                ("subtitle_ratio", "subtitle ratio"),
            )
        ),
        "",
        *_table("both on screen", statistics["interaction"]),
        "",
        "## Left out",
        *(f"- {count}: {_REASONS[reason]}" for reason, count in statistics["dropped"].items()),
        *([] if statistics["dropped"] else ["Nothing."]),
        "",
        "## Split",
        f"Grouped by {group_by}, seed {seed}: {clips['train']} train, {clips['test']} test. {_SPLIT[group_by]}",
        *(f"- {note}" for note in statistics["split"]["notes"]),
    ]
    return "\n".join(lines) + "\n"


def _table(name: str, counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    head = [f"| {name} | train | test | all |", "| --- | ---: | ---: | ---: |"]
    return head + [f"| {key} | {row['train']} | {row['test']} | {row['all']} |" for key, row in counts.items()]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
