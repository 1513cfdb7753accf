"""The demo episode: a generated multi-shot dialogue whose cuts, faces, subtitles and times are known exactly."""

from workers.demo.episode import DemoFiles, make_demo_episode

__all__ = ["DemoFiles", "make_demo_episode"]
