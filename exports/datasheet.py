"""The README.md of a release: what it is, what it was made with, how it was split, what a user must know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exports.formats.features import Extractor
from exports.samples import Tally
from exports.splits import Leak

#: Word in an extractor's or lexicon's name -> what its licence asks of those who use the release.
LICENCE_NOTES: dict[str, str] = {
    "opensmile": "openSMILE is free for research and education only; commercial use needs a licence from audEERING. "
    "That holds for the audio features of this release.",
    "liwc": "The word categories come from a LIWC dictionary, which is proprietary: the frequencies may be shared, "
    "the dictionary is not part of this release, and a rebuild needs it.",
    "vggface2": "The face embeddings come from a network trained on VGGFace2, a research-only image set.",
}

_GROUPED = (
    "No {group} stands on both sides. Scores on the test set tell how well a model does on {group}s it has not seen."
)
_PAPER = (
    "Samples were drawn at random per label, as MEmoR was published. Clips can then stand on both sides, so test "
    "scores are higher than on unseen clips: do not compare them with scores on a grouped split."
)
_REASONS = {
    "clip_too_long": "the clip is 30 s or longer",
    "clip_without_moment": "the clip has no moment any more",
    "not_a_main_character": "the answer is about somebody who is not a main character",
    "no_answer_yet": "nobody has answered yet",
    "fewer_than_two_answers": "fewer than two annotators answered",
    "all_say_absent": "everybody says the character is not there",
    "nobody_names_one_emotion": "nobody names one emotion, and not all say no emotion",
    "no_two_agree_on_an_emotion": "no two annotators chose the same fine-grained emotion",
    "tied_emotions": "two emotions have the most votes",
    "no_majority_for_an_emotion": "no emotion was chosen by more than half of those who name one",
}


def render_datasheet(
    *,
    project: str,
    statistics: Mapping[str, Any],
    tally: Tally,
    extractors: Mapping[str, Extractor],
    lexicon: str,
    mode: str,
    group_by: str,
    seed: int,
    leaks: Sequence[Leak],
    notes: Sequence[str],
) -> str:
    """Return the text. It depends on the release alone: no date, no machine, no path."""
    samples = statistics["samples"]
    lines = [
        f"# {project}: MEmoR release",
        "",
        f"{samples['all']} samples (clip, character, moment, emotion) from {statistics['clips']} clips of "
        f"{statistics['episodes']} episodes, labelled by {statistics['answers']['annotators']} annotators.",
        "",
        "Layout: the official MEmoR layout under `data/`; `config.json` holds the true sizes, extractors, characters",
        "and classes; `manifest.json` the hash of every file; `snapshot.json` and `sources/` are what all of it was",
        "made of, so that the release can be built again.",
        "",
        "## Moments",
        *_moments(statistics["moments"]),
        "",
        "## Labels",
        "A sample is kept where at least two annotators, and more than half of those who name one emotion, chose the",
        "same fine-grained emotion; `neutral` where the character appears and all annotators (at least two) say no",
        "emotion. Both emotion sets hold the same samples.",
        "",
        "| primary | train | test | all |",
        "| --- | ---: | ---: | ---: |",
        *_rows(statistics["primary"]),
        "",
        "| fine-grained | train | test | all |",
        "| --- | ---: | ---: | ---: |",
        *_rows(statistics["fine_grained"]),
        "",
        "| character | train | test | all |",
        "| --- | ---: | ---: | ---: |",
        *_rows(statistics["characters"]),
        "",
        f"Of {tally.pairs} pairs of clip and character, {tally.kept} gave samples, {tally.kept_unfinished} of them "
        "with fewer answers than the project asks for. The others were left out:",
        *(f"- {count}: {_REASONS[reason]}" for reason, count in tally.dropped.items() if count),
        "",
        "## Split",
        f"Mode `{mode}`" + (f", grouped by {group_by}" if mode == "grouped" else "") + f", seed {seed}: "
        f"{samples['train']} train, {samples['test']} test.",
        _GROUPED.format(group=group_by) if mode == "grouped" else _PAPER,
        "",
        "| on both sides | of | test samples touched |",
        "| --- | ---: | ---: |",
        *(f"| {leak.shared_groups} {leak.kind} | {leak.groups} | {leak.shared_samples} |" for leak in leaks),
        "",
        "## Features",
        "| part | made by | numbers | licence |",
        "| --- | --- | ---: | --- |",
        *(
            f"| {part} | {made.name} {made.version} | {made.dim} | {made.licence or 'not said'} |"
            for part, made in extractors.items()
        ),
        f"| word categories | {lexicon} | | |",
        "",
        "Audio is z-scored with mean and deviation of the train clips (`data/features/audio_normalisation.json`).",
        "Sizes differ from the published dataset wherever another extractor was used: read them from `config.json`.",
        *(["", "## Know before use", *(f"- {note}" for note in notes)] if notes else []),
        "",
        "## Licences and people",
        *(f"- {note}" for note in licence_notes(extractors, lexicon)),
        "- The release holds no video and no audio, but it holds subtitle text and features of episodes that may be",
        "  copyrighted: whether it may be passed on depends on the rights to them.",
        "- Face embeddings can identify people: treat them as personal data. Annotators stand in `snapshot.json` by",
        "  the name they have in the project.",
        "",
    ]
    return "\n".join(lines)


def _moments(moments: Mapping[str, Any]) -> list[str]:
    made = f"{moments['moments']} moments made {moments['clips']} clips: {moments['duplicates']} fell into a clip that"
    lines = [
        f"{made} another one had made, {moments['too_long']} clips are 30 s or longer and were not labelled.",
    ]
    if moments["time"] == "raw":
        return [*lines, "Clips are cut around the moment at which the annotator pressed, as published."]
    lines.append(
        "Clips are cut around the moment without the annotator's reaction time, measured on a clip with known onsets:"
    )
    lines += [
        f"- {row['annotator']}, {row['day']}: {row['delay_ms']} ms, spread {row['spread_ms']} ms, "
        f"{row['hits']} answers, {row['discarded']} presses discarded"
        for row in moments["calibrations"]
    ]
    if raw := moments["moments"] - moments["corrected"]:
        lines.append(f"- {raw} moments are of annotators without a reaction time: the press itself made the clip")
    return lines


def licence_notes(extractors: Mapping[str, Extractor], lexicon: str) -> list[str]:
    """Return the notes that the names of extractors and lexicon call for."""
    names = " ".join((*(made.name for made in extractors.values()), lexicon)).lower()
    return [note for word, note in LICENCE_NOTES.items() if word in names]


def _rows(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    return [f"| {name} | {count['train']} | {count['test']} | {count['all']} |" for name, count in counts.items()]
