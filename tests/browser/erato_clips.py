"""The demo episode in a project of the ERATO protocol, cut into clips of two people."""

from __future__ import annotations

from tests.browser.conftest import World
from webapp.annotation.models import Clip, Project
from webapp.annotation.services.projects import create_project
from webapp.relationships.services.clips import make_clips

NAME = "Two people"
SPANS = [(0, 22_064), (0, 15_000), (2_000, 20_000), (25_000, 45_000), (28_000, 48_000), (29_905, 40_040)]


def erato_clips(world: World) -> tuple[Project, list[Clip]]:
    episode = world.project.episodes.get()
    project = create_project(
        name=NAME,
        protocol=Project.Protocol.ERATO,
        episodes=[episode],
        annotators=[world.annotators["anna"], world.annotators["ben"]],
        guideline="Say how **two people** stand to each other, as they show it in the clip.",
    )
    return project, make_clips(project=project, episode=episode, spans=SPANS)
