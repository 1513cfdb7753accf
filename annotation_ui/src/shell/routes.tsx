import type { RouteObject } from "react-router";
import { CalibrationPage } from "../features/calibration/CalibrationPage";
import { DialoguePage } from "../features/dialogue/DialoguePage";
import { DiscussionPage } from "../features/discussions/DiscussionPage";
import { EpisodePage } from "../features/episodes/EpisodePage";
import { EpisodesPage } from "../features/episodes/EpisodesPage";
import { HomePage } from "../features/home/HomePage";
import { KeysPage } from "../features/keys/KeysPage";
import { LocatePage } from "../features/locate/LocatePage";
import { MomentsPage } from "../features/moments/MomentsPage";
import { PeoplePage } from "../features/people/PeoplePage";
import { CharacterPage } from "../features/personality/CharacterPage";
import { CharactersPage } from "../features/personality/CharactersPage";
import { QuestionnairePage } from "../features/personality/QuestionnairePage";
import { ProjectPage } from "../features/projects/ProjectPage";
import { ProjectsPage } from "../features/projects/ProjectsPage";
import { RelatePage } from "../features/relate/RelatePage";
import { RunPage } from "../features/runs/RunPage";
import { SeriesListPage } from "../features/series/SeriesListPage";
import { SeriesPage } from "../features/series/SeriesPage";
import { StatesPage } from "../features/states/StatesPage";
import { StoryboardPage } from "../features/storyboard/StoryboardPage";
import { MyTrainingPage } from "../features/training/MyTrainingPage";
import { AdminOnly } from "./AdminOnly";
import { Broken } from "./Broken";
import { Frame } from "./Frame";
import { NotFound } from "./NotFound";

export const routes: RouteObject[] = [
  {
    element: <Frame />,
    errorElement: <Broken />,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { index: true, element: <HomePage /> },
          { path: "keys", element: <KeysPage /> },
          { path: "calibration", element: <CalibrationPage /> },
          { path: "characters", element: <CharactersPage /> },
          { path: "characters/:id", element: <CharacterPage /> },
          { path: "characters/:id/:instrument", element: <QuestionnairePage /> },
          { path: "projects/:id/moments", element: <MomentsPage /> },
          { path: "projects/:id/states", element: <StatesPage /> },
          { path: "projects/:id/training", element: <MyTrainingPage /> },
          { path: "projects/:id/clips/:clip", element: <DiscussionPage /> },
          { path: "projects/:id/locate", element: <LocatePage /> },
          { path: "projects/:id/relate", element: <RelatePage /> },
          {
            element: <AdminOnly />,
            children: [
              { path: "episodes", element: <EpisodesPage /> },
              { path: "episodes/:id", element: <EpisodePage /> },
              { path: "episodes/:id/people", element: <PeoplePage /> },
              { path: "series", element: <SeriesListPage /> },
              { path: "series/:id", element: <SeriesPage /> },
              { path: "episodes/:id/dialogue", element: <DialoguePage /> },
              { path: "projects", element: <ProjectsPage /> },
              { path: "projects/:id", element: <ProjectPage /> },
              { path: "projects/:id/episodes/:episode/storyboard", element: <StoryboardPage /> },
              { path: "projects/:id/models/:run", element: <RunPage /> },
            ],
          },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
];
