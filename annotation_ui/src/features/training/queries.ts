import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { inTurn } from "../../api/inTurn";
import type { AnnotatorTraining, TrainingClipKind, TrainingSettings } from "../../api/types";
import { newId } from "../../saving/uuid";

const pathOf = (project: number) => ({ path: { project_id: project } });

export const trainingQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "annotator-training"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/annotator-training/", { params: pathOf(project), signal })),
  });

export const myTrainingQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "annotator-training", "mine"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/annotator-training/mine/", { params: pathOf(project), signal })),
  });

export const CANDIDATES = 20;

export const candidatesQuery = (project: number, page: number) =>
  queryOptions({
    queryKey: ["projects", project, "annotator-training", "clips", page],
    queryFn: ({ signal }) => {
      const params = { ...pathOf(project), query: { page, page_size: CANDIDATES } };
      return unwrap(api.GET("/api/projects/{project_id}/annotator-training/clips/", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** What an admin does to the training of a project. Every change answers with the whole page. */
export type TrainingChange =
  | { type: "settings"; settings: Partial<TrainingSettings> }
  | { type: "choose"; clip: number; kind: TrainingClipKind; note: string }
  | { type: "giveBack"; clip: number }
  | { type: "order"; clips: number[] }
  | { type: "period"; user: number; isOpen: boolean }
  | { type: "accept" };

function send(project: number, change: TrainingChange): Promise<AnnotatorTraining> {
  const params = pathOf(project);
  switch (change.type) {
    case "settings":
      return unwrap(api.PATCH("/api/projects/{project_id}/annotator-training/", { params, body: change.settings }));
    case "choose": {
      const { type: _, ...body } = change;
      return unwrap(api.POST("/api/projects/{project_id}/annotator-training/clips/", { params, body }));
    }
    case "giveBack": {
      const at = { path: { project_id: project, clip_id: change.clip } };
      return unwrap(api.DELETE("/api/projects/{project_id}/annotator-training/clips/{clip_id}/", { params: at }));
    }
    case "order": {
      const body = { clips: change.clips };
      return unwrap(api.PUT("/api/projects/{project_id}/annotator-training/order/", { params, body }));
    }
    case "period": {
      const at = { path: { project_id: project, user_id: change.user } };
      const body = { is_open: change.isOpen };
      return unwrap(api.PUT("/api/projects/{project_id}/annotator-training/members/{user_id}/", { params: at, body }));
    }
    case "accept": {
      const body = { client_id: newId() };
      return unwrap(api.POST("/api/projects/{project_id}/annotator-training/unanimous/", { params, body }));
    }
  }
}

export function useTrainingChange(project: number) {
  const client = useQueryClient();
  return useMutation({
    scope: inTurn(project),
    mutationFn: (change: TrainingChange) => send(project, change),
    onSuccess: (training) => {
      const { queryKey } = trainingQuery(project);
      client.setQueryData(queryKey, training);
      void client.invalidateQueries({ queryKey: [...queryKey, "clips"] });
    },
  });
}
