"""The job that reads reference pictures and suggests who faces are, in all episodes of a series."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tests.webapp.factories import make_episode, make_series, make_user
from webapp.corpus.casting import ask_for_casting, split_face
from webapp.corpus.models import Character, FaceReference, Identity
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from workers.analysers.errors import AnalysisError
from workers.analysers.face_file import write_face_file
from workers.analysers.faces import reference as reference_module
from workers.analysers.faces.reference import ReferenceFace
from workers.analysers.facts import ExpressionFacts, FaceLooks
from workers.tasks import run_job

pytestmark = pytest.mark.usefixtures("media_root")

DLIB = "dlib-resnet-v1-128"
JPEG = b"\xff\xd8\xff picture"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Return a function that says what the reader finds in every picture."""

    def use(found: Any) -> None:
        class Reader:
            def read(self, path: Path) -> ReferenceFace:
                assert path.read_bytes() == JPEG
                if isinstance(found, Exception):
                    raise found
                return found

        monkeypatch.setattr("workers.casting.ReferenceReader", Reader)

    return use


def upload(character: Character, content: bytes = JPEG) -> Any:
    admin = APIClient()
    admin.force_login(make_user(admin=True))
    picture = SimpleUploadedFile("rachel.jpg", content, content_type="image/jpeg")
    return admin.post(f"/api/characters/{character.pk}/pictures/", {"picture": picture}, format="multipart")


@pytest.mark.django_db
def test_an_uploaded_picture_is_read_and_suggests_its_character_in_every_episode(reads: Any) -> None:
    series = make_series()
    rachel = series.characters.get(name="Rachel")
    for _ in range(2):
        Identity.objects.filter(job__episode=make_episode(series)).update(
            embedding=[1.0, 0.0], embedder=DLIB, character=None, linked_by=""
        )
    reads(ReferenceFace(b"jpeg of the face", (0.99, 0.14), DLIB))
    answer = upload(rachel)
    assert answer.status_code == 201
    (shown,) = answer.json()["characters"][0]["references"]
    assert (shown["reading"], shown["picture_url"]) == (True, None)
    job = Job.objects.get(kind="cast")
    run_job(job.pk)
    reference = FaceReference.objects.get()
    assert media_storage().path(reference.picture).read_bytes() == b"jpeg of the face"
    assert set(Identity.objects.values_list("character", "linked_by")) == {(rachel.pk, "suggested")}
    job.refresh_from_db()
    assert (job.status, job.figures) == ("done", {"pictures": 1, "suggested": 4})


@pytest.mark.django_db
def test_a_picture_without_a_face_says_so_and_harms_nothing(reads: Any) -> None:
    reads(AnalysisError("no_face", "No face was found."))
    character = make_series().characters.all()[0]
    upload(character)
    run_job(Job.objects.get(kind="cast").pk)
    assert FaceReference.objects.get().error == "No face was found."
    assert Job.objects.get(kind="cast").status == "done"


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"GIF89a", b"", b"<svg>", b"\xff\xd8"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    answer = upload(make_series().characters.all()[0], content)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["picture"]
    assert not FaceReference.objects.exists()


@pytest.mark.django_db
def test_faces_that_were_split_are_embedded_from_their_own_tracks() -> None:
    episode = make_episode()
    first, second = Identity.objects.filter(job__episode=episode).order_by("index")
    second.tracks.update(identity=first)
    looks = FaceLooks(
        time_ms=np.array([0, 10, 20], dtype=np.int32),
        track=np.array([0, 1, 1], dtype=np.int32),
        embedding=np.array([[2, 0], [0, 1], [0, 3]], dtype=np.float32),
    )
    path = media_storage().root / "faces.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_face_file(looks, DLIB, ExpressionFacts(), path)
    Job.objects.filter(episode=episode, name="faces").update(figures={"file": "faces.npz"})
    made = split_face(face=first, tracks=[first.tracks.get(index=1).pk], author=make_user())
    run_job(ask_for_casting(episode.series).pk)
    first.refresh_from_db()
    made.refresh_from_db()
    assert (first.embedding, made.embedding) == ([1.0, 0.0], [0.0, 1.0])


@pytest.mark.models
def test_the_face_of_a_portrait_is_found_and_a_picture_without_one_is_refused(tmp_path: Path) -> None:
    import cv2
    from skimage import data

    reader = reference_module.ReferenceReader()
    portrait = tmp_path / "portrait.png"
    cv2.imwrite(str(portrait), cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    face = reader.read(portrait)
    assert sum(value * value for value in face.embedding) == pytest.approx(1, abs=1e-3)
    assert cv2.imdecode(np.frombuffer(face.picture, np.uint8), cv2.IMREAD_COLOR).shape == (160, 160, 3)
    cv2.imwrite(str(portrait), data.coffee())
    with pytest.raises(AnalysisError, match="No face was found"):
        reader.read(portrait)
    two = np.hstack([data.astronaut()] * 2)
    cv2.imwrite(str(portrait), cv2.cvtColor(two, cv2.COLOR_RGB2BGR))
    with pytest.raises(AnalysisError, match="several faces"):
        reader.read(portrait)
    portrait.write_bytes(b"no picture")
    with pytest.raises(AnalysisError, match="no picture that can be read"):
        reader.read(portrait)
