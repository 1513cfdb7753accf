"""What every page asks the server for, timed in this process, with the number of queries."""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Project, Task
from webapp.annotation.services import turns

KINDS = Task.Kind.values
Page = tuple[str, str, dict[str, object] | None]
"""Who, a path with names in braces, and the body of a POST or None."""

MEMOR_PAGES: tuple[Page, ...] = (
    ("annotator", "/api/session/", None),
    ("annotator", "/api/vocabulary/", None),
    ("annotator", "/api/projects/", None),
    ("annotator", "/api/projects/{project}/", None),
    ("annotator", "/api/projects/{project}/next/", {"kind": "states"}),
    ("annotator", "/api/projects/{project}/upcoming/", None),
    ("annotator", "/api/projects/{project}/turns/", None),
    ("annotator", "/api/projects/{project}/exemplars/", None),
    ("annotator", "/api/assignments/{turn}/", None),
    ("annotator", "/api/assignments/{turn}/states/", {"character": 0, "status": "absent"}),
    ("annotator", "/api/personality/instruments/", None),
    ("annotator", "/api/personality/characters/", None),
    ("annotator", "/api/personality/characters/{character}/", None),
    ("annotator", "/api/personality/characters/{character}/words/", None),
    ("admin", "/api/projects/", None),
    ("admin", "/api/projects/{project}/overview/", None),
    ("admin", "/api/projects/{project}/episodes/?page={page}&page_size=25", None),
    ("admin", "/api/projects/{project}/agreement/", None),
    ("admin", "/api/projects/{project}/moments/", None),
    ("admin", "/api/projects/{project}/emotions/", None),
    ("admin", "/api/projects/{project}/samples/?page={page}", None),
    ("admin", "/api/projects/{project}/samples/?outcome=none&page_size=25", None),
    ("admin", "/api/projects/{project}/answers/", None),
    ("admin", "/api/projects/{project}/releases/", None),
    ("admin", "/api/projects/{project}/settings/", None),
    ("admin", "/api/episodes/?page_size=25", None),
    ("admin", "/api/episodes/{episode}/", None),
    ("admin", "/api/dialogues/{episode}/", None),
    ("admin", "/api/personality/characters/", None),
)

ERATO_PAGES: tuple[Page, ...] = (
    ("annotator", "/api/projects/", None),
    ("annotator", "/api/projects/{project}/", None),
    ("annotator", "/api/projects/{project}/next/", {"kind": "relate"}),
    ("annotator", "/api/projects/{project}/next/", {"kind": "locate"}),
    ("annotator", "/api/projects/{project}/annotator-training/mine/", None),
    ("annotator", "/api/locating/{locate}/", None),
    ("annotator", "/api/assignments/{relate}/", None),
    ("annotator", "/api/relating/{relate}/", None),
    ("annotator", "/api/projects/{project}/own-related/", None),
    ("annotator", "/api/projects/{project}/upcoming/", None),
    ("annotator", "/api/relating/{relate}/remarks/", {"kind": "missing_person"}),
    ("admin", "/api/projects/", None),
    ("admin", "/api/projects/{project}/overview/", None),
    ("admin", "/api/projects/{project}/episodes/?page={page}&page_size=25", None),
    ("admin", "/api/projects/{project}/clips/?page={page}", None),
    ("admin", "/api/projects/{project}/clips/counts/", None),
    ("admin", "/api/projects/{project}/storyboards/", None),
    ("admin", "/api/projects/{project}/storyboards/{episode}/", None),
    ("admin", "/api/projects/{project}/identity-remarks/", None),
    ("admin", "/api/projects/{project}/related/?page={page}", None),
    ("admin", "/api/projects/{project}/annotator-training/", None),
    ("admin", "/api/projects/{project}/annotator-training/clips/", None),
    ("admin", "/api/projects/{project}/discussions/", None),
    ("admin", "/api/projects/{project}/cross-check/", None),
    ("admin", "/api/projects/{project}/releases/", None),
    ("admin", "/api/projects/{project}/settings/", None),
    ("admin", "/api/episodes/?page_size=25", None),
)
PAGES = {Project.Protocol.MEMOR: MEMOR_PAGES, Project.Protocol.ERATO: ERATO_PAGES}


@dataclass
class Timing:
    who: str
    path: str
    wall_ms: list[float] = field(default_factory=list)
    """The first is of an empty memory."""
    cpu_ms: list[float] = field(default_factory=list)
    """Of this process, database included: what a machine takes that has nothing else to do."""
    queries: int = 0
    kilobytes: float = 0


def p95(ms: list[float]) -> float:
    """Return the 95th percentile of all but the first."""
    return statistics.quantiles(ms[1:], n=20, method="inclusive")[-1] if len(ms) > 2 else ms[-1]


class Visitor:
    """Asks for pages of one project as an annotator and as an admin."""

    def __init__(self, project: Project, seed: int = 1) -> None:
        self.project, self.draw = project, random.Random(seed)
        self.pages = min(5, 1 + 3 * project.clips.count() // 100, -(-project.episodes.count() // 25))
        user = User.objects.filter(memberships__project=project).order_by("pk").first()
        admin, _ = User.objects.get_or_create(username="admin", defaults={"is_staff": True})
        assert user is not None
        self.user = user
        self.clients = {"annotator": self._client(user), "admin": self._client(admin)}
        self.episodes = list(project.episodes.values_list("pk", flat=True))
        self.people = list(project.episodes.all()[0].series.characters.values_list("pk", flat=True))

    def _client(self, user: User) -> APIClient:
        client = APIClient(HTTP_HOST=settings.ALLOWED_HOSTS[0])
        client.force_login(user)
        return client

    def time(self, page: Page, times: int) -> Timing:
        """Ask `times` + 1 times; another episode, clip or character each time."""
        who, path, body = page
        found = Timing(who, path)
        for number in range(times + 1):
            kind = next((kind for kind in KINDS if f"{{{kind}}}" in path or (body or {}).get("kind") == kind), "states")
            turn = self._turn(kind) if {"{turn}", f"{{{kind}}}"} & set(re.findall(r"{\w+}", path)) else None
            if "next" in path:
                self._give_back()
            address = path.format(
                project=self.project.pk,
                episode=self.draw.choice(self.episodes),
                character=self.draw.choice(self.people),
                page=1 + number % self.pages,
                turn=turn.pk if turn else 0,
                locate=turn.pk if turn else 0,
                relate=turn.pk if turn else 0,
            )
            ask = self._asking(self.clients[who], address, body)
            with CaptureQueriesContext(connection) if number == times else _Nothing() as captured:
                wall, cpu = time.perf_counter(), time.process_time()
                answer = ask()
                found.cpu_ms.append(1000 * (time.process_time() - cpu))
                found.wall_ms.append(1000 * (time.perf_counter() - wall))
            assert answer.status_code < 300, f"{address}: {answer.status_code} {answer.content[:300]!r}"
            found.kilobytes = len(answer.content) / 1024
            if captured is not None:
                found.queries = len(captured)
        return found

    def _asking(self, client: APIClient, address: str, body: dict[str, object] | None) -> Callable[[], Any]:
        if body is None:
            return lambda: client.get(address)
        sent = dict(body)
        if "character" in sent:
            sent |= {"character": self.draw.choice(self.people)}
        if "next" not in address:
            sent |= {"client_id": str(uuid4())}
        return lambda: client.post(address, sent, format="json")

    def _give_back(self) -> None:
        held = Assignment.objects.filter(annotator=self.user, status=Assignment.Status.HELD)
        held.update(status=Assignment.Status.ABANDONED)

    def _turn(self, kind: str) -> Assignment | None:
        """Give the last turn back and take another."""
        self._give_back()
        return turns.take_next(project=self.project, user=self.user, kind=kind)


class _Nothing:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        return None
