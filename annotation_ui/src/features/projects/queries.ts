import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idPath, unwrap } from "../../api/client";
import { inTurn } from "../../api/inTurn";
import type { ReleaseOptions } from "../../api/types";

const LOOK_AGAIN_MS = 2000;
const MOST_RELEASES = 100;

const pathOf = (project: number) => ({ path: { project_id: project } });

export const overviewQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "overview"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/overview/", { params: pathOf(project), signal })),
  });

export const EPISODES_A_PAGE = 25;

export const projectEpisodesQuery = (project: number, page: number) =>
  queryOptions({
    queryKey: ["projects", project, "episodes", page],
    queryFn: ({ signal }) => {
      const params = { ...pathOf(project), query: { page, page_size: EPISODES_A_PAGE } };
      return unwrap(api.GET("/api/projects/{project_id}/episodes/", { params, signal }));
    },
  });

export const agreementQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "agreement"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/agreement/", { params: pathOf(project), signal })),
  });

export const releasesQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "releases"],
    queryFn: ({ signal }) => {
      const params = { ...pathOf(project), query: { page_size: MOST_RELEASES } };
      return unwrap(api.GET("/api/projects/{project_id}/releases/", { params, signal }));
    },
    refetchInterval: (query) => {
      const busy = query.state.data?.results.some(({ status }) => status === "running" || status === "waiting");
      return busy ? LOOK_AGAIN_MS : false;
    },
  });

export const settingsQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "settings"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/projects/{id}/settings/", { params: idPath(project), signal })),
    refetchInterval: (query) => {
      const status = query.state.data?.prelabelling;
      return status === "running" || status === "waiting" ? LOOK_AGAIN_MS : false;
    },
  });

export function useAllowContext(project: number) {
  const client = useQueryClient();
  return useMutation({
    scope: inTurn(project),
    mutationFn: (context_ms: number) =>
      unwrap(api.PATCH("/api/projects/{id}/settings/", { params: idPath(project), body: { context_ms } })),
    onSuccess: (settings) => client.setQueryData(settingsQuery(project).queryKey, settings),
  });
}

export function useShowSuggestions(project: number) {
  const client = useQueryClient();
  return useMutation({
    scope: inTurn(project),
    mutationFn: (shows_suggestions: boolean) =>
      unwrap(api.PATCH("/api/projects/{id}/settings/", { params: idPath(project), body: { shows_suggestions } })),
    onSuccess: (settings) => client.setQueryData(settingsQuery(project).queryKey, settings),
  });
}

export function useHardestFirst(project: number) {
  const client = useQueryClient();
  return useMutation({
    scope: inTurn(project),
    mutationFn: (hardest_first: boolean) =>
      unwrap(api.PATCH("/api/projects/{id}/settings/", { params: idPath(project), body: { hardest_first } })),
    onSuccess: (settings) => client.setQueryData(settingsQuery(project).queryKey, settings),
  });
}

export function useMakeRelease(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ReleaseOptions) =>
      unwrap(api.POST("/api/projects/{project_id}/releases/", { params: pathOf(project), body })),
    onSuccess: () => client.invalidateQueries({ queryKey: releasesQuery(project).queryKey }),
  });
}
