"""The line by command: help with an example, one clear line on bad input, exit code 0 only on success."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from tests.webapp.factories import (
    JOY,
    PASSWORD,
    finish_clip,
    labelled_project,
    make_bare_episode,
    make_episode,
    make_project,
    make_series,
    make_user,
)
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project
from webapp.corpus.models import Character, Utterance

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(
    name
    for name, app in get_commands().items()
    if str(app).split(".")[0] in {"webapp", "workers", "exports", "baselines"}
)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> str:
    """Run a command that must refuse; return its one line."""
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert "\n" not in str(error.value)
    return str(error.value)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as a person does."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, text=True, capture_output=True, check=False, timeout=120,
        stdin=subprocess.DEVNULL, env=os.environ | {"DJANGO_SETTINGS_MODULE": "webapp.settings.test"} | environment,
    )  # fmt: skip


def test_every_command_of_the_line_is_there() -> None:
    wanted = {"import_episode", "analyse", "facts", "create_project", "import_annotations", "export_annotations",
              "agreement_report", "export_dataset", "train_baseline", "create_user", "set_characters"}  # fmt: skip
    assert wanted <= set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_every_command_says_what_it_does_and_shows_an_example(name: str) -> None:
    command = load_command_class(str(get_commands()[name]), name)
    text = command.create_parser("manage.py", name).format_help()
    assert command.help in " ".join(text.split())
    assert f"example:\n  manage.py {name}" in text
    example = text.partition("example:\n")[2]
    assert not any(option in text for option in ("--pythonpath", "--no-color", "--skip-checks"))
    assert len(example.splitlines()) == 1


def test_the_example_of_a_command_can_be_parsed() -> None:
    import shlex

    for name in OURS:
        command = load_command_class(str(get_commands()[name]), name)
        words = shlex.split(getattr(command, "example", "").partition(">")[0])
        command.create_parser("manage.py", name).parse_args(words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("facts", "7"), "no episode “7”"),
        (("facts", "9" * 30), "no episode"),
        (("facts", "Pilot/"), "no episode “Pilot/”"),
        (("analyse", "nothing"), "no episode “nothing”"),
        (("analyse", "1", "--only", "dance"), "no step dance"),
        (("create_project", "P", "--protocol", "memor", "--episodes", "1"), "no episode “1”"),
        (("export_annotations", "P", "x.jsonl"), "no project “P”. Projects: none yet"),
        (("import_annotations", "9" * 30, "x.jsonl"), "no project"),
        (("agreement_report", "P"), "no project “P”"),
        (("export_dataset", "P", "--out", "x"), "no project “P”"),
        (("export_dataset", "--out", "x"), "Name either a project, or a release"),
        (("set_characters", "Friends", "--main", "Rachel"), "no series “Friends”. Series: none yet"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_a_name_that_nothing_has_is_refused_with_what_there_is(arguments: tuple[str, ...], says: str) -> None:
    assert says in refused(*arguments)


@pytest.mark.django_db
def test_a_project_is_made_ready_to_annotate(tmp_path: Path) -> None:
    episode = make_episode(title="Pilot")
    make_user("anna")
    (tmp_path / "guideline.md").write_text("Look twice.")
    said = run("create_project", "Season 1", "--protocol", "memor", "--episodes", "Pilot", str(episode.pk),
               "--annotators", "anna", "anna", "--answers", "2",
               "--guideline", str(tmp_path / "guideline.md"))  # fmt: skip
    project = Project.objects.get()
    assert "“Season 1”" in said
    assert (project.answers_per_clip, project.guideline, project.tasks.count()) == (2, "Look twice.", 1)
    assert [member.user.username for member in project.memberships.all()] == ["anna"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("--answers", "0"), "--answers is 0, but must be from 1 to 100"),
        (("--answers", "101"), "--answers is 101"),
        (("--moment-annotators", "-1"), "--moment-annotators is -1"),
        (("--annotators", "zoe"), "no user zoe"),
        (("--guideline", "/nothing/here"), "cannot be read"),
    ],
)
def test_a_project_that_cannot_work_is_not_made(change: tuple[str, ...], says: str) -> None:
    make_episode(title="Pilot")
    assert says in refused("create_project", "P", "--protocol", "memor", "--episodes", "Pilot", *change)
    assert not Project.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb"])
def test_a_project_needs_a_name_that_can_be_shown(name: str) -> None:
    make_episode(title="Pilot")
    assert "1 to 100 printable" in refused("create_project", name, "--protocol", "memor", "--episodes", "Pilot")


@pytest.mark.django_db
def test_a_project_needs_analysed_episodes_with_main_characters_and_a_new_name() -> None:
    make = ("create_project", "P", "--protocol", "memor", "--episodes")
    assert "is not analysed yet" in refused(*make, str(make_bare_episode().pk))
    assert "no main characters: name them with set_characters" in refused(
        *make, str(make_episode(make_series(mains=[])).pk)
    )
    make_project(name="P")
    assert "a project named “P” already" in refused(*make, str(make_episode().pk))


@pytest.mark.django_db
def test_a_title_that_two_episodes_have_asks_for_the_number() -> None:
    first, second = make_episode(make_series("A"), "Pilot"), make_episode(make_series("B"), "Pilot")
    said = refused("facts", "Pilot")
    assert f"{first.pk} (A · Pilot)" in said
    assert json.loads(run("facts", "B/Pilot"))["episode"]["id"] == second.pk


@pytest.mark.django_db
def test_facts_are_one_json_document() -> None:
    episode = make_episode()
    document = json.loads(run("facts", str(episode.pk)))
    assert document["format"] == "affectory-facts/1"
    assert [len(document[part]) for part in ("shots", "subtitles", "utterances", "segments")] == [2, 15, 15, 15]
    assert document["utterances"][0]["words"] == [{"text": "Line", "start_ms": 0, "end_ms": 4_000}]
    assert [face["character"] for face in document["faces"]["identities"]] == ["Rachel", "Joanna"]
    bare = json.loads(run("facts", str(make_bare_episode().pk)))
    assert bare["proxy"] is bare["shots"] is bare["segments"] is None


@pytest.mark.django_db
def test_annotations_go_out_and_come_in_again(tmp_path: Path) -> None:
    project, (anna,) = labelled_project()
    finish_clip(project, anna, JOY)
    fresh = make_project(episodes=list(project.episodes.all()), k=1)
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert "Wrote 5 lines" in run("export_annotations", project.name, str(first))
    assert "Imported 2 turns, 1 moments, 2 states; 0 were there" in run("import_annotations", str(fresh.pk), str(first))
    run("export_annotations", fresh.name, str(second))
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl"]


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_or_written_is_refused(tmp_path: Path) -> None:
    make_project(name="P")
    assert "cannot be read" in refused("import_annotations", "P", str(tmp_path / "nothing.jsonl"))
    assert "cannot be read" in refused("import_annotations", "P", str(tmp_path))
    assert "cannot be written" in refused("export_annotations", "P", str(tmp_path / "no" / "folder.jsonl"))
    assert "cannot be written" in refused("export_annotations", "P", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_a_bad_line_is_refused_in_one_line(tmp_path: Path) -> None:
    make_project(name="P")
    (tmp_path / "a.jsonl").write_bytes(b'\n{"kind": "state"}\n')
    assert refused("import_annotations", "P", str(tmp_path / "a.jsonl")).startswith("Line 2: ")
    assert not Assignment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_the_agreement_report_has_every_form_with_and_without_answers(form: str) -> None:
    project, people = labelled_project(k=2)
    empty = run("agreement_report", project.name, "--format", form)
    for person in people:
        finish_clip(project, person, JOY)
    full = run("agreement_report", project.name, "--format", form)
    assert empty.strip()
    assert full != empty
    if form == "json":
        assert json.loads(full)["answers"] == 4


@pytest.mark.django_db
def test_main_characters_are_named_in_order_and_utterances_find_them() -> None:
    series = make_series("Friends", mains=["Rachel"], others=["Gunther"])
    episode = make_episode(series)
    Utterance.objects.filter(job__episode=episode).update(speaker="JOANNA", character=None)
    run("set_characters", "Friends", "--main", "gunther", "Joanna", "Joanna")
    assert [(c.name, c.is_main) for c in series.characters.all()] == [
        ("Gunther", True), ("Joanna", True), ("Rachel", False),
    ]  # fmt: skip
    assert set(Utterance.objects.values_list("character__name", flat=True)) == {"Joanna"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb"])
def test_a_character_needs_a_name_that_can_be_shown(name: str) -> None:
    make_series("Friends")
    assert "1 to 100 printable" in refused("set_characters", "Friends", "--main", name)
    assert Character.objects.filter(is_main=True).count() == 2


@pytest.mark.django_db
def test_users_are_made_with_a_password_that_is_good_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFFECTORY_PASSWORD", PASSWORD)
    run("create_user", "anna", "--name", "Anna Maria Lee", "--language", "zh-hans")
    anna = User.objects.get()
    assert (anna.full_name, anna.is_staff, anna.check_password(PASSWORD)) == ("Anna Maria Lee", False, True)
    assert "named anna already" in refused("create_user", "anna")
    assert "valid username" in refused("create_user", "a b")
    assert "at most 150" in refused("create_user", "x" * 151)
    monkeypatch.setenv("AFFECTORY_PASSWORD", "short")
    assert "too short" in refused("create_user", "ben")
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_release_that_cannot_be_built_is_refused_in_one_line(tmp_path: Path) -> None:
    project, _people = labelled_project()
    refused("export_dataset", project.name, "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "code"),
    [
        (("facts", "--help"), {}, 0),
        (("facts",), {}, 2),
        (("facts", "1"), {"AFFECTORY_DATABASE_URL": "sqlite:////nothing/here.sqlite3"}, 1),
        (("facts", "1"), {"AFFECTORY_DATABASE_URL": "sqlite://"}, 1),
        (("create_user", "anna"), {"AFFECTORY_DATABASE_URL": "sqlite://"}, 1),
        (("episodes",), {"AFFECTORY_JOB_LEASE_SECONDS": "soon"}, 1),
        (("episodes",), {"AFFECTORY_DATABASE_URL": "nonsense"}, 1),
    ],
    ids=["help", "no argument", "no database", "not migrated", "not migrated too", "a bad setting", "a bad URL"],
)
def test_exit_codes_and_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], code: int
) -> None:
    done = manage(*arguments, **environment)
    said: Any = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
