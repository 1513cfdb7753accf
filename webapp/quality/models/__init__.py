from webapp.quality.models.crosschecks import CrossCheck, CrossCheckSettings, CrossCheckWeek
from webapp.quality.models.discussions import Comment, Consensus
from webapp.quality.models.releases import Release

__all__ = ["Comment", "Consensus", "CrossCheck", "CrossCheckSettings", "CrossCheckWeek", "Release"]
