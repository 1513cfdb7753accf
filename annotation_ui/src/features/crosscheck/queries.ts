import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { inTurn } from "../../api/inTurn";
import type { CrossCheckSettings } from "../../api/types";

const pathOf = (project: number) => ({ path: { project_id: project } });

export const crossCheckQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "cross-check"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/cross-check/", { params: pathOf(project), signal })),
  });

export const csvUrl = (project: number) => `/api/projects/${project}/cross-check.csv`;

export function useDecideCrossCheck(project: number) {
  const client = useQueryClient();
  return useMutation({
    scope: inTurn(project),
    mutationFn: (body: Partial<CrossCheckSettings>) =>
      unwrap(api.PATCH("/api/projects/{project_id}/cross-check/", { params: pathOf(project), body })),
    onSuccess: (page) => client.setQueryData(crossCheckQuery(project).queryKey, page),
  });
}

export function useDrawWeeks(project: number) {
  const client = useQueryClient();
  return useMutation({
    scope: inTurn(project),
    mutationFn: () => unwrap(api.POST("/api/projects/{project_id}/cross-check/draw/", { params: pathOf(project) })),
    onSuccess: (page) => client.setQueryData(crossCheckQuery(project).queryKey, page),
  });
}
