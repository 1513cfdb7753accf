"""Each fault, in the real worker, on real PostgreSQL and Redis: the work ends complete, or with a reason, and clean."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.lab import ROOT, Lab, kill_group
from workers.analysers.ffmpeg_binary import ffmpeg_path

pytestmark = pytest.mark.services

DATABASE_AWAY_S = 30.0


def begin(lab: Lab, video: Path, only: str = "shots") -> None:
    lab.manage("import_episode", str(video), "--series", "S", "--title", "T")
    lab.manage("analyse", "1", "--only", only)


CANCEL_UNDER_WAY = """
import time
from webapp.corpus.models import Episode
from webapp.corpus.services import cancel_analysis
from webapp.jobs.models import Job
while not Job.objects.filter(name="proxy", status="running", progress__gt=0).exists():
    time.sleep(0.05)
cancel_analysis(Episode.objects.get())
"""


def under_way(lab: Lab, attempt: int = 1) -> bool:
    status, number, progress, _ = lab.job("proxy")
    return status == "running" and number == attempt and progress > 0


def is_done(lab: Lab, name: str = "shots") -> bool:
    status, _, _, _ = lab.job(name)
    assert status != "failed", lab.error(name)
    return status == "done"


def ended(lab: Lab) -> bool:
    return lab.job("shots")[0] in ("done", "failed")


def test_sigkill_of_the_worker_in_the_middle_of_a_step(lab: Lab, video: Path) -> None:
    begin(lab, video)
    with lab.worker("-B") as worker:
        lab.until(lambda: under_way(lab), "the proxy is being made")
        kill_group(worker)
    assert lab.sql("SELECT 1 FROM corpus_proxy") == []
    with lab.worker("-B"):
        lab.until(lambda: is_done(lab), "the next worker does the rest")
        lab.check_whole()
    assert lab.job("proxy")[:2] == ("done", 2)


def test_the_broker_is_killed_and_comes_back_empty(lab: Lab, video: Path) -> None:
    begin(lab, video)
    with lab.worker("-B") as worker:
        lab.until(lambda: under_way(lab), "the proxy is being made")
        lab.broker.end(signal.SIGKILL)
        lab.until(lambda: is_done(lab, "proxy"), "the step ends without the broker")
        lab.broker.start()
        lab.until(lambda: is_done(lab), "the lost message is sent again")
        assert worker.poll() is None, "the worker came back by itself"
        lab.check_whole()
    assert lab.job("proxy")[1] == 1


def test_the_database_is_away_for_half_a_minute(lab: Lab, video: Path) -> None:
    begin(lab, video)
    with lab.worker("-B") as worker:
        lab.until(lambda: under_way(lab), "the proxy is being made")
        lab.database.end()
        time.sleep(DATABASE_AWAY_S)  # the fault itself
        lab.database.start()
        lab.until(lambda: is_done(lab), "everything is done once it is back")
        assert worker.poll() is None
        lab.check_whole()
    assert lab.job("proxy")[:2] == ("done", 1), "what was computed meanwhile is not computed again"


def test_a_full_disk_is_a_reason_and_room_makes_it_go_on(lab: Lab, video: Path) -> None:
    room = video.stat().st_size // 1024 + 2048
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={room}k", "tmpfs", lab.media], capture_output=True, check=False
    ).returncode:
        pytest.skip("a small disk cannot be mounted here (needs root)")
    try:
        begin(lab, video)
        source = lab.files()
        with lab.worker("-B"):
            lab.until(lambda: lab.job("proxy")[3] == "disk_full", "the full disk is said")
            assert str(lab.media) in lab.error("proxy")
            assert "MB are free" in lab.error("proxy")
            lab.until(lambda: lab.files() == source, "what was written so far is removed")
            subprocess.run(["mount", "-o", "remount,size=500m", lab.media], check=True)
            lab.manage("analyse", "1", "--only", "shots")
            lab.until(lambda: is_done(lab), "with room it goes on")
            lab.check_whole()
    finally:
        subprocess.run(["umount", "-l", lab.media], check=True)


def test_an_unreadable_frame_in_the_middle(lab: Lab, video: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.mp4"
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-an", "-t", "10", "-vf", "scale=320:180", "-g", "25"]
    subprocess.run([ffmpeg_path(), "-v", "error", "-i", str(video), *encode, str(damaged)], check=True)
    content = bytearray(damaged.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 600] = bytes(reversed(range(200))) * 3
    damaged.write_bytes(content)
    begin(lab, damaged)
    with lab.worker("-B"):
        lab.until(lambda: ended(lab), "it ends")
        lab.check_whole()
    if lab.job("shots")[0] == "done":
        assert lab.sql("SELECT max(end_ms) FROM corpus_shot") == lab.sql("SELECT max(duration_ms) FROM corpus_proxy")
    else:
        assert lab.job("proxy")[3] not in ("crashed", "worker_lost"), lab.error("proxy")


def test_the_same_message_again_and_again_is_one_piece_of_work(lab: Lab, video: Path) -> None:
    begin(lab, video, only="proxy")
    with lab.worker("-B"), lab.worker():
        lab.until(lambda: under_way(lab), "the proxy is being made")
        [(pk,)] = lab.sql("SELECT id FROM jobs_job WHERE name = 'proxy'")
        again = f"from webapp.celery_app import app; [app.send_task('workers.tasks.run_job', args=[{pk}], queue='cpu')"
        again += " for _ in range(5)]"
        subprocess.run([sys.executable, "-c", again], cwd=ROOT, env=lab.environment(), check=True)
        lab.until(lambda: is_done(lab, "proxy"), "the proxy is done")
        lab.check_whole()
    assert lab.job("proxy")[:2] == ("done", 1)
    assert lab.sql("SELECT count(*) FROM corpus_proxy") == [(1,)]


def test_cancelling_takes_seconds_and_leaves_nothing(lab: Lab, video: Path) -> None:
    begin(lab, video)
    source = {name for name in lab.files() if "source" in name}
    # A command that is there before the worker waits and cancels: on a busy machine one that starts later is too late.
    with ThreadPoolExecutor(max_workers=1) as pool:
        cancelling = pool.submit(lab.manage, "shell", "-v", "0", "-c", CANCEL_UNDER_WAY)
        with lab.worker("-B"):
            cancelling.result(timeout=120)
            began = time.monotonic()
            lab.until(lambda: lab.files() == source, "the step stops and cleans up")
            assert time.monotonic() - began < 5.0
            assert {lab.job("proxy")[0], lab.job("shots")[0]} == {"cancelled"}
            lab.manage("analyse", "1", "--only", "shots")
            lab.until(lambda: is_done(lab), "it can be started again")
            lab.check_whole()


def test_a_worker_that_is_asked_to_end_gives_its_job_back_at_once(lab: Lab, video: Path) -> None:
    begin(lab, video)
    with lab.worker("-B") as worker:
        lab.until(lambda: under_way(lab), "the proxy is being made")
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=20)
        assert lab.job("proxy")[0] == "waiting"
        assert lab.orphans() == set()
    with lab.worker("-B"):
        lab.until(lambda: is_done(lab), "another worker does it")
        lab.check_whole()
