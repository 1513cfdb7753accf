"""docker-compose.yml starts nothing half-configured, and everything in it is watched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.console import ROOT

NEEDED = {"AFFECTORY_SECRET_KEY": "k" * 64, "POSTGRES_PASSWORD": "p" * 64, "AFFECTORY_ALLOWED_HOSTS": "lab.example"}


def compose_command() -> list[str]:
    """Return the compose client, as a plugin of docker or on its own; skip where there is none."""
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [docker, "compose"]
    if alone := shutil.which("docker-compose"):
        return [alone]
    pytest.skip("no docker compose client here")


def config(folder: Path, variables: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run `docker compose config` with these variables alone, whatever .env this checkout has."""
    no_file = folder / "empty.env"
    no_file.touch()
    environment = {name: value for name, value in os.environ.items() if name not in NEEDED} | variables
    command = [
        *compose_command(),
        "--env-file",
        str(no_file),
        "-f",
        str(ROOT / "docker-compose.yml"),
        *options,
        "config",
    ]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_it_is_valid_and_lists_every_part(tmp_path: Path) -> None:
    made = config(tmp_path, NEEDED, "--profile", "gpu")
    assert made.returncode == 0, made.stderr
    services = yaml.safe_load(made.stdout)["services"]
    assert set(services) == {"migrate", "web", "beat", "worker", "gpu-worker", "proxy", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_missing_secret_stops_it_with_its_name(tmp_path: Path, name: str) -> None:
    made = config(tmp_path, {other: value for other, value in NEEDED.items() if other != name})
    assert made.returncode != 0
    assert made.stderr.rpartition("set ")[2].startswith(f"{name} in .env")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])


def test_only_the_proxy_can_be_reached_from_outside(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["proxy"]["volumes"] == ["data:/srv/affectory:ro"]


def test_every_service_that_stays_is_watched(services: dict[str, Any]) -> None:
    dockerfile = (ROOT / "docker" / "Dockerfile").read_text()
    stages = dict(re.findall(r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM|\Z)", dockerfile, flags=re.MULTILINE | re.DOTALL))
    for name, service in services.items():
        if name != "migrate":
            target = service.get("build", {}).get("target")
            assert "healthcheck" in service or "HEALTHCHECK" in stages[target], name


def test_no_image_runs_as_root_or_takes_a_secret() -> None:
    dockerfile = (ROOT / "docker" / "Dockerfile").read_text()
    for stage in ("web", "worker"):
        body = re.search(rf"^FROM base AS {stage}\n(.*?)(?=^FROM)", dockerfile, flags=re.MULTILINE | re.DOTALL)
        assert body is not None
        assert re.findall(r"^USER (\w+)$", body[1], flags=re.MULTILINE) == ["affectory"]
    assert "unprivileged" in dockerfile  # the proxy's image
    assert not re.search(r"^(ARG|ENV).*(SECRET|PASSWORD|TOKEN)", dockerfile, flags=re.MULTILINE)


def test_the_example_of_settings_names_every_variable_and_no_secret() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    assert set(re.findall(r"\$\{([A-Z_]+)", compose)) == set(example)
    assert [example[name] for name in NEEDED] == ["", "", ""]
