"""The overview of a project: what is remembered of it is never out of date."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import finish_clip, labelled_project, make_user
from webapp.accounts.models import User
from webapp.annotation.services.projects import ask_for_answers

pytestmark = pytest.mark.django_db


def test_the_overview_counts_what_was_done_since_it_was_last_asked(as_user: Callable[[User], APIClient]) -> None:
    project, (anna, ben) = labelled_project(k=2)
    admin = as_user(make_user(admin=True))

    def counted() -> tuple[int, int]:
        found = admin.get(f"/api/projects/{project.pk}/overview/").json()
        return found["clips"]["complete"], sum(one["states_done"] for one in found["annotators"])

    assert counted() == (0, 0)
    finish_clip(project, anna)
    assert counted() == (0, 1)
    finish_clip(project, ben)
    assert counted() == (1, 2)
    ask_for_answers(project=project, answers_per_clip=3)
    assert counted() == (0, 2)
