"""MELD's CSV files, and the pickles of MMGCN and MMSA."""

from __future__ import annotations

import csv
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from baselines.data.corpus import Corpus, Wanted
from baselines.data.meld import EMOTIONS
from baselines.data.opening import open_corpus
from baselines.data.unpickling import read_pickle
from baselines.errors import RunError
from baselines.progress import no_progress
from baselines.tasks import Intensities
from baselines.training import TrainingConfig, train
from exports.errors import FormatError
from tests.shared_data import SHARED

COLUMNS = ("Sr No.", "Utterance", "Speaker", "Emotion", "Sentiment", "Dialogue_ID", "Utterance_ID", "Season", "Episode")


@pytest.fixture(autouse=True)
def quick_vectors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vector that depends on the sentence alone, without the language model."""
    if "models" in request.keywords:
        return

    def vectors(sentences: list[str], cache: Path, on_progress: Any) -> np.ndarray:
        rows = [np.random.default_rng(list(text.encode())).normal(size=6) for text in sentences]
        return np.array(rows, np.float32)

    monkeypatch.setattr("baselines.data.meld.sentence_vectors", vectors)


def opened(path: Path, **wanted: Any) -> Corpus:
    return open_corpus(path, Wanted(**wanted), path.parent / "cache", no_progress)


# --- MELD


def write_meld(folder: Path, dialogues: int = 3, text: str = "Oh no") -> Path:
    folder.mkdir(exist_ok=True)
    for side in ("train", "dev", "test"):
        with (folder / f"{side}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for number in range(dialogues):
                for place in range(number + 2):
                    who, emotion = ("Ross", "Joey")[place % 2], EMOTIONS[(number + place) % 7]
                    writer.writerow([1, f"{text} {side} {number} {place}", who, emotion, "x", number, place, 1, 1])
    return folder


def test_meld_is_read_dialogue_by_dialogue_with_its_own_sides(tmp_path: Path) -> None:
    corpus = opened(write_meld(tmp_path / "meld"))
    assert (corpus.kind, corpus.family, corpus.selection) == ("dialogue", "meld", "the dev split")
    assert {name: len(side.labels) for name, side in corpus.sides.items()} == dict.fromkeys(corpus.sides, 9)
    assert len(corpus.train) == 3
    assert corpus.test.keys[2:5] == (("test 1", 0), ("test 1", 1), ("test 1", 2))
    made = corpus.train.collate([corpus.train.items[k] for k in range(3)])
    assert made.real.sum(dim=1).tolist() == [2, 3, 4]  # type: ignore[attr-defined]
    assert made.speaker[2].tolist() == [0, 1, 0, 1]  # type: ignore[attr-defined]
    assert made.label.tolist() == [0, 1, 1, 2, 3, 2, 3, 4, 5]
    assert not corpus.published


def test_the_dialogues_of_a_side_never_join_those_of_another(tmp_path: Path) -> None:
    """Dialogue_ID starts anew in each file: the last of one and the first of the next may have one number."""
    corpus = opened(write_meld(tmp_path / "meld", dialogues=1))
    assert [len(side) for side in corpus.sides.values()] == [1, 1, 1]


def test_windows_quotes_in_place_of_control_characters_are_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def spied(sentences: list[str], *rest: Any) -> np.ndarray:
        seen.extend(sentences)
        return np.ones((len(sentences), 2), np.float32)

    monkeypatch.setattr("baselines.data.meld.sentence_vectors", spied)
    opened(write_meld(tmp_path / "meld", text="It\x92s \x97 fine\x85"))
    assert seen[0].startswith("It’s — fine…")


def test_a_file_that_is_not_melds_is_refused_with_file_and_row(tmp_path: Path) -> None:
    folder = write_meld(tmp_path / "meld")
    text = (folder / "dev.csv").read_text()
    (folder / "dev.csv").write_text(text.replace("neutral", "bored"))
    with pytest.raises(FormatError, match=r"dev\.csv, row \d+: 'bored' is none of neutral"):
        opened(folder)
    (folder / "dev.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FormatError, match=r"dev\.csv is no file of MELD: it has no column 'Dialogue_ID'"):
        opened(folder)


def test_a_model_of_persons_and_segments_cannot_learn_from_dialogues(tmp_path: Path) -> None:
    folder = write_meld(tmp_path / "meld")
    with pytest.raises(RunError, match=r"amer learns classes from cells, these data hold classes of dialogue: use one"):
        train(TrainingConfig(model="amer", epochs=1), folder, tmp_path / "run")
    with pytest.raises(FormatError, match="holds text: nothing of audio"):
        opened(folder, modalities=("audio",))


@pytest.mark.parametrize("model", ["bc_lstm", "dialogue_gcn", "mmgcn", "amuse", "mmin_full", "early_blstm", "lstm"])
def test_what_learns_from_dialogues_or_series_trains_on_meld(tmp_path: Path, model: str) -> None:
    report = train(TrainingConfig(model=model, epochs=1, device="cpu"), write_meld(tmp_path / "meld"), tmp_path / "run")
    assert report.test.samples == 9
    header = (tmp_path / "run" / "predictions.csv").read_text().partition("\n")[0]
    assert header.startswith("dialogue,utterance,true,predicted,p_neutral")


@pytest.mark.models
def test_the_published_files_have_the_published_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = SHARED / "data" / "meld" / "csv"
    if not folder.exists():
        pytest.skip(f"MELD's files are not in {folder}")
    monkeypatch.setattr(
        "baselines.data.meld.sentence_vectors", lambda sentences, *rest: np.zeros((len(sentences), 2), np.float32)
    )
    corpus = open_corpus(folder, Wanted(), tmp_path, no_progress)
    assert corpus.published
    assert {name: len(side) for name, side in corpus.sides.items()} == {"train": 1038, "validation": 114, "test": 280}
    scores = corpus.task.score(corpus.test.labels, corpus.task.constant(corpus.train.labels, 2610)).as_dict()
    assert round(100 * scores["weighted_f1"], 2) == 31.27


@pytest.mark.models
def test_sentence_vectors_are_made_once_and_are_those_of_the_analyser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from baselines.data import sentences
    from workers.analysers.features.text import choose_text_extractor

    texts = ["Hey.", "I am so happy for you!", "Hey."]
    made = sentences.sentence_vectors(texts, tmp_path, no_progress)
    np.testing.assert_allclose(made, choose_text_extractor("minilm").extract(texts), atol=1e-5)
    np.testing.assert_array_equal(made[0], made[2])
    monkeypatch.setattr(sentences.np, "save", lambda *arguments: pytest.fail("made again"))
    np.testing.assert_array_equal(sentences.sentence_vectors(texts, tmp_path, no_progress), made)


# --- MMGCN's pickles


def iemocap(dialogues: int = 6, **changes: Any) -> tuple[Any, ...]:
    draw = np.random.default_rng(0)
    names = [f"Ses01F_{number}" for number in range(dialogues)]
    length = {name: 3 + place for place, name in enumerate(names)}

    def rows(size: int) -> dict[str, list[np.ndarray]]:
        return {name: [draw.normal(size=size) for _ in range(count)] for name, count in length.items()}

    labels = {name: [(place + count) % 6 for place in range(count)] for name, count in length.items()}
    parts = {
        "ids": {name: [f"{name}_{k}" for k in range(count)] for name, count in length.items()},
        "speakers": {name: ["MF"[k % 2] for k in range(count)] for name, count in length.items()},
        "labels": labels,
        "text": rows(4),
        "audio": rows(5),
        "visual": rows(3),
        "sentences": {name: ["hm"] * count for name, count in length.items()},
        "train": names[:4],
        "test": names[4:],
    }
    return tuple((parts | changes).values())


def dump(path: Path, document: Any) -> Path:
    path.write_bytes(pickle.dumps(document, protocol=2))
    return path


def test_iemocap_is_a_tuple_of_nine_with_pictures(tmp_path: Path) -> None:
    corpus = opened(dump(tmp_path / "IEMOCAP_features.pkl", iemocap()))
    assert corpus.family == "iemocap"
    assert dict(corpus.shape.sizes) == {"visual": 3, "audio": 5, "text": 4}
    assert corpus.shape.speakers == 2
    assert [len(side) for side in corpus.sides.values()] == [3, 1, 2]
    assert corpus.selection == "held-out train dialogues"


def test_melds_raw_file_is_known_by_sentences_where_pictures_would_stand(tmp_path: Path) -> None:
    parts = list(iemocap())
    one_hot = {name: [np.eye(9)[k % 3].tolist() for k in range(len(row))] for name, row in parts[1].items()}
    raw = [parts[0], one_hot, parts[2], parts[3], parts[4], parts[6], parts[7], parts[8], parts[2]]
    corpus = opened(dump(tmp_path / "MELD_features_raw.pkl", tuple(raw)))
    assert corpus.family == "meld"
    assert set(corpus.shape.sizes) == {"audio", "text"}
    assert corpus.shape.speakers == 3
    with_pictures = (parts[0], one_hot, *parts[2:], parts[2])
    corpus = opened(dump(tmp_path / "MELD_features_raw1.pkl", with_pictures))
    assert set(corpus.shape.sizes) == {"visual", "audio", "text"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": {}}, "not laid out like MMGCN's files"),
        ({"train": ["nobody"]}, "KeyError 'nobody'"),
        ({"labels": {f"Ses01F_{k}": [9] * (3 + k) for k in range(6)}}, "labels must lie between 0 and 5"),
        ({"labels": {f"Ses01F_{k}": [2] * (3 + k) for k in range(6)}}, "all utterances have one label"),
        ({"text": {f"Ses01F_{k}": [[np.nan] * 4] * (3 + k) for k in range(6)}}, "text features hold numbers that are"),
        ({"audio": {f"Ses01F_{k}": [[1.0] * (2 + k)] * (3 + k) for k in range(6)}}, r"audio has the shape .* expected"),
    ],
)
def test_a_tuple_that_does_not_fit_is_refused_with_the_place(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(FormatError, match=message):
        opened(dump(tmp_path / "broken.pkl", iemocap(**changes)))


# --- pickles that ask for more than data


class Harmful:
    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, ("echo harm",))


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_pickle_that_would_run_something_is_refused(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "harm.pkl"
    path.write_bytes(pickle.dumps({"train": [1, Harmful()]}, protocol=protocol))
    with pytest.raises(FormatError, match=r"asks for .*system, which is not data"):
        read_pickle(path)


@pytest.mark.parametrize(
    "body",
    [
        b"cnumpy\nload\n(S'x'\ntR.",  # an allowed module, another name
        b"cnumpy.core.multiarray\nos.system\n(S'x'\ntR.",
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"c_codecs\nencode\n(Vx\nVunicode_escape\ntR.",
    ],
)
def test_names_beside_the_allowed_ones_are_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "harm.pkl"
    path.write_bytes(body)
    with pytest.raises(FormatError, match="is refused"):
        read_pickle(path)


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_arrays_numbers_and_text_are_read(tmp_path: Path, protocol: int) -> None:
    document = {"a": np.arange(6.0).reshape(2, 3), "b": [np.float32(1.5), "text", {1, 2}], "c": np.array(["x"])}
    path = tmp_path / "data.pkl"
    path.write_bytes(pickle.dumps(document, protocol=protocol))
    found = read_pickle(path)
    np.testing.assert_array_equal(found["a"], document["a"])
    assert found["b"] == document["b"]


def test_what_is_no_pickle_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.pkl"
    path.write_bytes(b"hello")
    with pytest.raises(FormatError, match="is no pickle"):
        opened(path)
    with pytest.raises(FormatError, match="neither MMSA's dict"):
        opened(dump(path, {"rows": [1]}))
    with pytest.raises(FormatError, match="does not exist"):
        opened(tmp_path / "nowhere")


# --- MMSA's pickles


def mmsa(labels: int = 1, samples: int = 9, steps: int = 5, **changes: Any) -> dict[str, Any]:
    draw = np.random.default_rng(0)

    def side(seed: int) -> dict[str, Any]:
        values = draw.uniform(0, 3, (samples, labels)).astype(np.float32)
        made = {
            "id": [f"v{seed}$_${k}" for k in range(samples)],
            "text": draw.normal(size=(samples, steps, 4)),
            "audio": draw.normal(size=(samples, steps, 3)),
            "vision": draw.normal(size=(samples, steps, 2)),
            "regression_labels": values[:, 0] - 1.5 if labels == 1 else values,
        }
        return made | changes

    return {"train": side(0), "valid": side(1), "test": side(2), "config": {"from": "FET"}}


def test_mmsa_is_read_with_its_own_sides_and_its_silences_are_zero(tmp_path: Path) -> None:
    document = mmsa()
    document["train"]["audio"][0, 1] = -np.inf
    document["train"]["audio"][0, 2, 0] = np.nan
    corpus = opened(dump(tmp_path / "mosi.pkl", document))
    assert corpus.task == Intensities(("sentiment",), -3.0, 3.0)
    made = corpus.train.collate([corpus.train.items[0]])
    audio = made.features["audio"]
    assert audio.mask[0].tolist() == [True, False, True, True, True]  # nothing but silence is missing
    assert float(audio.dense()[0, 2, 0]) == 0.0


def test_unaligned_series_end_where_their_lengths_say(tmp_path: Path) -> None:
    document = mmsa(audio_lengths=[2] * 9, vision_lengths=[4] * 9)
    corpus = opened(dump(tmp_path / "mosi.pkl", document))
    made = corpus.test.collate([corpus.test.items[0], corpus.test.items[1]])
    assert {name: mask.shape[1] for name, mask in made.real.items()} == {"audio": 2, "visual": 4, "text": 5}  # type: ignore[attr-defined]
    with pytest.raises(FormatError, match="aligned"):
        train(TrainingConfig(model="early_lstm", epochs=1), tmp_path / "mosi.pkl", tmp_path / "run")


@pytest.mark.parametrize("labels", [1, 6])
def test_intensities_are_learned_and_reported(tmp_path: Path, labels: int) -> None:
    path = dump(tmp_path / "mosei.pkl", mmsa(labels))
    report = train(TrainingConfig(model="early_blstm", epochs=2, device="cpu"), path, tmp_path / "run")
    scores = report.test.as_dict()
    assert len(scores["per_class"]) == labels
    assert scores["mae"] == pytest.approx(np.mean([one["mae"] for one in scores["per_class"]]))
    assert report.selection == "loss on the file's valid part"
    assert "said_" in (tmp_path / "run" / "predictions.csv").read_text().partition("\n")[0]
    assert not (tmp_path / "run" / "confusion.csv").exists()
    with pytest.raises(RunError, match=r"mmin learns classes .*: use one of early_lstm, early_blstm, early_cnn$"):
        train(TrainingConfig(model="mmin", epochs=1), path, tmp_path / "other")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"regression_labels": np.full(9, np.nan)}, "regression_labels must be numbers"),
        ({"regression_labels": np.ones(9)}, "all train labels are the same"),
        ({"audio": np.ones((9, 3))}, r"audio has the shape \(9, 3\), expected \(9, steps, size\)"),
        ({"text": np.ones((4, 5, 4))}, r"text has the shape \(4, 5, 4\)"),
    ],
)
def test_a_file_of_mmsa_that_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        opened(dump(tmp_path / "mosi.pkl", mmsa(**changes)))
    document = mmsa()
    del document["valid"]
    with pytest.raises(FormatError, match="valid: it lacks 'valid'"):
        opened(dump(tmp_path / "mosi.pkl", document))
