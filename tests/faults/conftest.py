"""A lab of its own for each fault, and a video whose preparation takes long enough to be disturbed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.lab import Lab
from tests.services import Cluster, ServiceError, copy_cluster, postgresql, redis_server
from workers.analysers.ffmpeg_binary import ffmpeg_path


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """A database with all tables and nothing in them."""
    folder = tmp_path_factory.mktemp("migrated")
    try:
        with postgresql() as (url, server), redis_server() as (broker_url, broker):
            Lab(folder, url, server, broker_url, broker).manage("migrate", "--verbosity", "0")
            server.end()
            copy_cluster(server.log.parent / "data", folder / "cluster")
            return Cluster(folder / "cluster", urlsplit(url).password or "")
    except ServiceError as error:
        pytest.skip(str(error))


@pytest.fixture
def lab(tmp_path: Path, migrated: Cluster) -> Iterator[Lab]:
    with ExitStack() as stack:
        try:
            database_url, database = stack.enter_context(postgresql(migrated))
            broker_url, broker = stack.enter_context(redis_server())
        except ServiceError as error:
            pytest.skip(str(error))
        lab = Lab(tmp_path / "data", database_url, database, broker_url, broker)
        lab.media.mkdir(parents=True)
        yield lab


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 s of 720p that have to be encoded anew, so that its proxy takes some seconds on any machine."""
    path = tmp_path_factory.mktemp("fault-videos") / "long.avi"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=40"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=300:duration=40"]
    codecs = ["-c:v", "mpeg4", "-q:v", "6", "-c:a", "pcm_s16le", "-threads", "1"]
    subprocess.run([ffmpeg_path(), "-v", "error", *picture, *sound, *codecs, str(path)], check=True)
    return path
