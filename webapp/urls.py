"""Where everything is: the API, media with authorisation, and the browser application for all other paths."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from webapp.accounts.api import SessionView
from webapp.annotation.api import views as annotation
from webapp.annotation.api.answers import AnswersView
from webapp.annotation.api.exemplars import ExemplarsView, ExemplarView
from webapp.annotation.api.history import OwnTurnsView, UpcomingView
from webapp.annotation.api.watching import CalibrationView
from webapp.api.errors import body
from webapp.corpus import api as corpus
from webapp.corpus import series_api as series
from webapp.corpus.casting_api import CastingViewSet
from webapp.corpus.dialogue_api import DialogueViewSet
from webapp.personality import api as personality
from webapp.quality import api as quality
from webapp.quality import crosschecks_api, discussions_api, samples_api, training_api
from webapp.quality.moments_api import MomentsReportView
from webapp.quality.overview_api import OverviewView, ProjectEpisodesView
from webapp.quality.statistics_api import ReleaseStatisticsView
from webapp.relationships.api.clips import ClipCountsView, ClipLimitsView, ClipsView, RestoreClipView
from webapp.relationships.api.locating import InteractionsView, LocatingView
from webapp.relationships.api.related import ExampleView, OwnRelatedView, RelatedView
from webapp.relationships.api.relating import RelatingViewSet
from webapp.relationships.api.remarks import RemarksView, RemarkView
from webapp.relationships.api.storyboards import StoryboardsView, StoryboardView, StoryEditsView, StorySettingsView
from webapp.training import api as training

router = DefaultRouter()
router.include_root_view = False
router.register("projects", annotation.ProjectViewSet, basename="projects")
router.register("assignments", annotation.AssignmentViewSet, basename="assignments")
router.register("episodes", corpus.EpisodeViewSet, basename="episodes")
router.register("dialogues", DialogueViewSet, basename="dialogues")
router.register("castings", CastingViewSet, basename="castings")
router.register("series", series.SeriesViewSet, basename="series")
router.register("characters", series.CharacterViewSet, basename="characters")
router.register("relating", RelatingViewSet, basename="relating")
router.register("references", series.ReferenceViewSet, basename="references")

handler500 = "webapp.api.failures.server_error"


def health(request: HttpRequest) -> JsonResponse:
    """For health checks: the process answers."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
def unknown(request: HttpRequest) -> JsonResponse:
    return JsonResponse(body("not_found", f"There is nothing at {request.path}."), status=404)


def application(request: HttpRequest) -> HttpResponseBase:
    """The browser application; it finds its page by the path."""
    index = settings.UI_FOLDER / "index.html"
    if not index.is_file():
        return HttpResponse("The browser application is not built: run “make ui”.", status=503)
    response = FileResponse(index.open("rb"), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


urlpatterns = [
    path("api/health/", health, name="health"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/session/", SessionView.as_view(), name="session"),
    path("api/vocabulary/", annotation.vocabulary, name="vocabulary"),
    path("api/calibration/", CalibrationView.as_view(), name="calibration"),
    path("api/projects/<int:project_id>/agreement/", quality.AgreementView.as_view(), name="agreement"),
    path("api/projects/<int:project_id>/moments/", MomentsReportView.as_view(), name="moments"),
    path("api/projects/<int:project_id>/overview/", OverviewView.as_view(), name="overview"),
    path("api/projects/<int:project_id>/episodes/", ProjectEpisodesView.as_view(), name="project-episodes"),
    path("api/projects/<int:project_id>/emotions/", samples_api.EmotionsView.as_view(), name="emotions"),
    path("api/projects/<int:project_id>/samples/", samples_api.SamplesView.as_view(), name="samples"),
    path("api/projects/<int:project_id>/samples.csv", samples_api.samples_csv, name="samples-csv"),
    path("api/projects/<int:project_id>/releases/", quality.ReleaseListView.as_view(), name="releases"),
    path("api/projects/<int:project_id>/turns/", OwnTurnsView.as_view(), name="own-turns"),
    path("api/projects/<int:project_id>/upcoming/", UpcomingView.as_view(), name="upcoming"),
    path("api/projects/<int:project_id>/answers/", AnswersView.as_view(), name="answers"),
    path("api/projects/<int:project_id>/exemplars/", ExemplarsView.as_view(), name="exemplars"),
    path("api/projects/<int:project_id>/exemplars/<slug:label>/", ExemplarView.as_view(), name="exemplar"),
    path("api/projects/<int:project_id>/own-related/", OwnRelatedView.as_view(), name="own-related"),
    path("api/projects/<int:project_id>/related/", RelatedView.as_view(), name="related"),
    path("api/projects/<int:project_id>/related/<int:turn_id>/example/", ExampleView.as_view(), name="example"),
    path("api/projects/<int:project_id>/identity-remarks/", RemarksView.as_view(), name="identity-remarks"),
    path("api/identity-remarks/<int:remark_id>/", RemarkView.as_view(), name="identity-remark"),
    path("api/projects/<int:project_id>/annotator-training/", training_api.TrainingView.as_view()),
    path("api/projects/<int:project_id>/annotator-training/mine/", training_api.MyTrainingView.as_view()),
    path("api/projects/<int:project_id>/annotator-training/clips/", training_api.TrainingClipsView.as_view()),
    path(
        "api/projects/<int:project_id>/annotator-training/clips/<int:clip_id>/", training_api.TrainingClipView.as_view()
    ),
    path("api/projects/<int:project_id>/annotator-training/order/", training_api.TrainingOrderView.as_view()),
    path("api/projects/<int:project_id>/annotator-training/unanimous/", training_api.UnanimousView.as_view()),
    path(
        "api/projects/<int:project_id>/annotator-training/members/<int:user_id>/",
        training_api.TrainingPeriodView.as_view(),
    ),
    path("api/projects/<int:project_id>/discussions/", discussions_api.DiscussionsView.as_view()),
    path("api/projects/<int:project_id>/discussions/<int:clip_id>/", discussions_api.DiscussionView.as_view()),
    path("api/projects/<int:project_id>/discussions/<int:clip_id>/comments/", discussions_api.CommentsView.as_view()),
    path("api/projects/<int:project_id>/discussions/<int:clip_id>/consensus/", discussions_api.ConsensusView.as_view()),
    path("api/projects/<int:project_id>/cross-check/", crosschecks_api.CrossCheckView.as_view()),
    path("api/projects/<int:project_id>/cross-check/draw/", crosschecks_api.CrossCheckDrawView.as_view()),
    path("api/projects/<int:project_id>/cross-check.csv", crosschecks_api.cross_check_csv),
    path("api/personality/instruments/", personality.InstrumentsView.as_view(), name="instruments"),
    path("api/personality/characters/", personality.CharactersView.as_view(), name="personality"),
    path("api/personality/characters/<int:character_id>/", personality.CharacterView.as_view(), name="profile"),
    path(
        "api/personality/characters/<int:character_id>/answers/",
        personality.ItemAnswersView.as_view(),
        name="item-answers",
    ),
    path("api/personality/characters/<int:character_id>/words/", personality.WordsView.as_view(), name="words"),
    path("api/projects/<int:project_id>/clips/", ClipsView.as_view(), name="clips"),
    path("api/projects/<int:project_id>/clips/counts/", ClipCountsView.as_view(), name="clip-counts"),
    path("api/projects/<int:project_id>/clips/<int:clip_id>/restore/", RestoreClipView.as_view(), name="restore-clip"),
    path("api/projects/<int:project_id>/clip-limits/", ClipLimitsView.as_view(), name="clip-limits"),
    path("api/projects/<int:project_id>/story-settings/", StorySettingsView.as_view(), name="story-settings"),
    path("api/projects/<int:project_id>/storyboards/", StoryboardsView.as_view(), name="storyboards"),
    path("api/projects/<int:project_id>/storyboards/<int:episode_id>/", StoryboardView.as_view(), name="storyboard"),
    path(
        "api/projects/<int:project_id>/storyboards/<int:episode_id>/edits/",
        StoryEditsView.as_view(),
        name="story-edits",
    ),
    path("api/locating/<int:assignment_id>/", LocatingView.as_view(), name="locating"),
    path("api/locating/<int:assignment_id>/interactions/", InteractionsView.as_view(), name="interactions"),
    path("api/releases/<int:pk>/", quality.ReleaseView.as_view(), name="release"),
    path("api/releases/<int:pk>/statistics/", ReleaseStatisticsView.as_view(), name="release-statistics"),
    path("api/releases/<int:pk>/download/", quality.download, name="release-download"),
    path("api/baselines/", training.ListedModelsView.as_view(), name="baselines"),
    path("api/projects/<int:project_id>/trainings/", training.TrainingListView.as_view(), name="trainings"),
    path("api/trainings/<int:pk>/", training.TrainingView.as_view(), name="training"),
    path("api/trainings/<int:pk>/cancel/", training.CancelTrainingView.as_view(), name="training-cancel"),
    path("api/trainings/<int:pk>/retry/", training.RetryTrainingView.as_view(), name="training-retry"),
    path("api/trainings/<int:pk>/prelabel/", training.PrelabelView.as_view(), name="training-prelabel"),
    path("api/trainings/<int:pk>/files/<int:seed>/<str:name>", training.download, name="training-file"),
    path("api/", include(router.urls)),
    re_path(r"^api/", unknown),
    path("media/episodes/<int:episode_id>/video.mp4", corpus.video, name="media-video"),
    path("media/episodes/<int:episode_id>/poster.jpg", corpus.poster, name="media-poster"),
    path("media/episodes/<int:episode_id>/waveform.bin", corpus.waveform, name="media-waveform"),
    path("media/tracks/<int:track_id>.jpg", corpus.track_face, name="media-track"),
    path("media/references/<int:reference_id>.jpg", series.reference_picture, name="media-reference"),
    path("media/faces/<int:identity_id>.jpg", corpus.face, name="media-face"),
    re_path(r"^(?!api/|media/|assets/).*$", application, name="application"),
]
