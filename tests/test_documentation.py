"""Every command, setting and target can be found in the documentation."""

from __future__ import annotations

import re

from scripts.console import ROOT

FOLDERS = ("webapp", "workers", "exports", "baselines", "scripts")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def documentation() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_every_setting_of_the_environment_is_documented() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))
    )
    settings = set(re.findall(r"\"(AFFECTORY_[A-Z_]+|FFMPEG_BINARY|CHROMIUM)\"", code))
    assert "AFFECTORY_DATA" in settings
    install = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert {name for name in settings if f"`{name}`" not in install} == set()


def test_every_command_is_documented() -> None:
    commands = {
        path.stem
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("management/commands/*.py")
        if path.stem != "__init__"
    }
    assert "import_episode" in commands
    text = documentation()
    assert {name for name in commands if not re.search(rf"\b{name}\b", text)} == set()


def test_every_target_explains_itself_and_every_named_one_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z-]+):.*##", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", documentation(), flags=re.MULTILINE))
    assert named - targets == set()


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
