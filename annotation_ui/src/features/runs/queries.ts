import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import type { TrainingRequest, TrainingRun, WorkStatus } from "../../api/types";

export const PAGE_SIZE = 25;
const LOOK_AGAIN_MS = 2000;

const pathOf = (project: number) => ({ path: { project_id: project } });

export const isBusy = (status: WorkStatus) => status === "running" || status === "waiting";

export const modelsQuery = queryOptions({
  queryKey: ["baselines"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/baselines/", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const runsQuery = (project: number, page: number) =>
  queryOptions({
    queryKey: ["projects", project, "trainings", page],
    queryFn: ({ signal }) => {
      const params = { ...pathOf(project), query: { page, page_size: PAGE_SIZE } };
      return unwrap(api.GET("/api/projects/{project_id}/trainings/", { params, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.results.some(({ status }) => isBusy(status)) ? LOOK_AGAIN_MS : false,
  });

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ["trainings", id],
    queryFn: ({ signal }) => unwrap(api.GET("/api/trainings/{id}/", { params: { path: { id } }, signal })),
    refetchInterval: (query) => (query.state.data && isBusy(query.state.data.status) ? LOOK_AGAIN_MS : false),
  });

export function useTrain(project: number, onStarted: (run: TrainingRun) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TrainingRequest) =>
      unwrap(api.POST("/api/projects/{project_id}/trainings/", { params: pathOf(project), body })),
    onSuccess: (run) => {
      void client.invalidateQueries({ queryKey: ["projects", project, "trainings"] });
      onStarted(run);
    },
  });
}

function useChange(id: number, verb: "cancel" | "retry") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST(`/api/trainings/{id}/${verb}/`, { params: { path: { id } } })),
    onSuccess: (run) => client.setQueryData(runQuery(id).queryKey, run),
  });
}

export const useStop = (id: number) => useChange(id, "cancel");
export const useTryAgain = (id: number) => useChange(id, "retry");

export function usePrelabel(id: number, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (project: number) =>
      unwrap(api.POST("/api/trainings/{id}/prelabel/", { params: { path: { id } }, body: { project } })),
    onSuccess: (run, project) => {
      client.setQueryData(runQuery(id).queryKey, run);
      void client.invalidateQueries({ queryKey: ["projects", project, "settings"] });
      onDone();
    },
  });
}
