"""Who says which subtitle: the cases that real subtitles and transcripts bring."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.alignment.matching import match, word_pairs
from workers.analysers.facts import SubtitleLine
from workers.analysers.transcripts import TranscriptLine, parse_transcript


def cues(*texts: str) -> list[SubtitleLine]:
    return [
        SubtitleLine(index=i, start_ms=i * 1000, end_ms=(i + 1) * 1000, text=text, confidence=1.0, source="file")
        for i, text in enumerate(texts)
    ]


def said(subtitles: list[str], transcript: str) -> list[tuple[int, str, str]]:
    return [(p.cue, p.speaker, p.text) for p in match(cues(*subtitles), parse_transcript(transcript))]


@pytest.mark.parametrize(
    ("one", "other", "pairs"),
    [
        ("a b c", "a b c", [(0, 0), (1, 1), (2, 2)]),
        ("open the door now", "open door now", [(0, 0), (2, 1), (3, 2)]),
        ("wonderful day", "wonderfull day", [(0, 0), (1, 1)]),
        ("yes", "no", []),
        ("", "no", []),
    ],
)
def test_words_are_paired_in_order(one: str, other: str, pairs: list[tuple[int, int]]) -> None:
    assert word_pairs(one.split(), other.split()) == pairs


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_as_many_words_are_paired_as_the_longest_common_subsequence_has(one: list[str], other: list[str]) -> None:
    longest = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            longest[i + 1][j + 1] = longest[i][j] + 1 if a == b else max(longest[i][j + 1], longest[i + 1][j])
    pairs = word_pairs(one, other)
    assert len(pairs) == longest[-1][-1]
    assert all(one[i] == other[j] for i, j in pairs)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))


def test_the_words_of_a_whole_film_are_paired_as_exactly_as_those_of_a_scene() -> None:
    chance = random.Random(5)
    words = [
        f"{chance.choice('bdfgklmnprst')}{chance.choice('aeiou')}{chance.choice('bdglmnrst')}" for _ in range(3000)
    ]
    heard: list[str] = []
    same: list[tuple[int, int]] = []
    for i, word in enumerate(words):
        if 1000 <= i < 1100 or chance.random() < 0.05:  # a scene that one list lacks, and dropped words
            continue
        if chance.random() < 0.03:
            heard.append("[laughs]")
        same.append((i, len(heard)))
        heard.append(word)
    pairs = set(word_pairs(words, heard))
    assert len(pairs & set(same)) >= 0.99 * len(same)
    assert len(pairs - set(same)) <= 0.01 * len(same)


def test_lines_and_subtitles_one_to_one() -> None:
    parts = match(cues("Did it arrive?", "It did."), parse_transcript("Nora: Did it arrive?\nJune: It did.\n"))
    assert [(p.cue, p.speaker, p.text, p.certain) for p in parts] == [
        (0, "Nora", "Did it arrive?", True),
        (1, "June", "It did.", True),
    ]


def test_typos_brackets_and_dropped_words_do_not_hinder() -> None:
    assert said(
        ["Did it arive yet?", "It did, I'm happy."],
        "Nora: (nervous) Well, did it arrive yet?\nJune: It did, and I am so happy. [smiles]\n",
    ) == [(0, "Nora", "Well, did it arrive yet?"), (1, "June", "It did, and I am so happy.")]


def test_two_lines_in_one_subtitle_become_two_utterances() -> None:
    assert said(["- Did it arrive?\n- It did."], "Nora: Did it arrive?\nJune: It did.\n") == [
        (0, "Nora", "Did it arrive?"),
        (0, "June", "It did."),
    ]


def test_two_lines_in_one_subtitle_without_dashes_are_told_apart_by_the_transcript() -> None:
    assert said(["Did it arrive? It did."], "Nora: Did it arrive?\nJune: It did.\n") == [
        (0, "Nora", "Did it arrive?"),
        (0, "June", "It did."),
    ]


def test_one_line_over_two_subtitles_gives_each_its_words() -> None:
    assert said(["I was waiting for", "the letter all night."], "June: I was waiting for the letter all night.\n") == [
        (0, "June", "I was waiting for"),
        (1, "June", "the letter all night."),
    ]


def test_a_subtitle_that_the_transcript_lacks_has_no_speaker() -> None:
    parts = match(
        cues("Good morning.", "Zebras everywhere!", "Good night."),
        parse_transcript("A: Good morning.\nB: Good night.\n"),
    )
    assert [(p.speaker, p.certain) for p in parts] == [("A", True), ("", False), ("B", True)]


def test_a_garbled_subtitle_between_two_neighbours_takes_the_line_between_but_is_not_certain() -> None:
    transcript = "A: Good morning.\nB: Perfect!\nA: Good night.\n"
    parts = match(cues("Good morning.", "Xqzt", "Good night."), parse_transcript(transcript))
    assert [(p.speaker, p.text, p.certain) for p in parts][1] == ("B", "Xqzt", False)


def test_a_transcript_line_that_no_subtitle_has_is_left_out() -> None:
    assert said(["Good morning."], "A: Good morning.\nB: Something that was cut from the broadcast.\n") == [
        (0, "A", "Good morning.")
    ]


def test_a_common_little_word_does_not_join_strangers() -> None:
    transcript = "A: Open that window.\nB: She ran along the river and it was dark outside.\n"
    assert said(["Open that window and then look outside."], transcript) == [(0, "A", "Open that window.")]


def test_without_transcript_names_and_dashes_in_the_subtitle_part_it() -> None:
    assert [(p.speaker, p.text) for p in match(cues("NORA: Did it arrive?\nJUNE: It did.", "- Yes.\n- No."), ())] == [
        ("NORA", "Did it arrive?"),
        ("JUNE", "It did."),
        ("", "Yes."),
        ("", "No."),
    ]


def test_without_transcript_a_subtitle_of_two_rows_is_one_utterance() -> None:
    assert [(p.speaker, p.text) for p in match(cues("I was waiting for\nthe letter."), ())] == [
        ("", "I was waiting for the letter.")
    ]


def test_sounds_and_music_are_nobodys_words() -> None:
    assert match(cues("[door slams]", "♪ ♪", "(sighs) Yes."), ())[0].text == "Yes."


def test_a_translation_is_paired_line_by_line_but_never_certain() -> None:
    parts = match(cues("真的吗？", "是的。"), [TranscriptLine("Nora", "Really?"), TranscriptLine("June", "Yes.")])
    assert [(p.speaker, p.text, p.certain) for p in parts] == [("Nora", "真的吗？", False), ("June", "是的。", False)]


def test_chinese_is_matched_sign_by_sign() -> None:
    assert said(["我真高兴，没有问题。", "太好了！"], "林楠：我真高兴没有问题\n小雨：太好了\n") == [
        (0, "林楠", "我真高兴没有问题"),
        (1, "小雨", "太好了"),
    ]


def test_nothing_to_match_is_nothing() -> None:
    assert match([], parse_transcript("A: Yes.")) == []
