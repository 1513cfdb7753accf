import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { inTurn } from "../../api/inTurn";
import type { ClipLimits } from "../../api/types";

export const PAGE_SIZE = 25;

export const REASONS = ["too_short", "too_long", "too_few_people", "too_many_people"] as const;
export const SHOWN = ["", "kept", "dropped", ...REASONS, "restored"] as const;
export type Shown = (typeof SHOWN)[number];

const pathOf = (project: number) => ({ path: { project_id: project } });
const clipsKey = (project: number) => ["projects", project, "clips"] as const;

export const clipsQuery = (project: number, shown: Shown, page: number) =>
  queryOptions({
    queryKey: [...clipsKey(project), "list", shown, page],
    queryFn: ({ signal }) => {
      const params = { ...pathOf(project), query: { page, page_size: PAGE_SIZE, ...(shown ? { shown } : {}) } };
      return unwrap(api.GET("/api/projects/{project_id}/clips/", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });

export const countsQuery = (project: number) =>
  queryOptions({
    queryKey: [...clipsKey(project), "counts"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/clips/counts/", { params: pathOf(project), signal })),
  });

export const limitsQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "clip-limits"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/clip-limits/", { params: pathOf(project), signal })),
  });

export function useRestore(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (clip: number) => {
      const params = { path: { project_id: project, clip_id: clip } };
      return unwrap(api.POST("/api/projects/{project_id}/clips/{clip_id}/restore/", { params }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: clipsKey(project) }),
  });
}

export function useDecideLimits(project: number) {
  const client = useQueryClient();
  return useMutation({
    scope: inTurn(project),
    mutationFn: (body: Partial<ClipLimits>) =>
      unwrap(api.PATCH("/api/projects/{project_id}/clip-limits/", { params: pathOf(project), body })),
    onSuccess: (limits) => {
      client.setQueryData(limitsQuery(project).queryKey, limits);
      return client.invalidateQueries({ queryKey: clipsKey(project) });
    },
  });
}
