import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import type { Outcome } from "../../api/types";

const pathOf = (project: number) => ({ path: { project_id: project } });

export const PAGE_SIZE = 25;

export const emotionsQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "emotions"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/emotions/", { params: pathOf(project), signal })),
  });

export interface Filter {
  outcome: Outcome | "none" | undefined;
  page: number;
}

export const samplesQuery = (project: number, { outcome, page }: Filter) =>
  queryOptions({
    queryKey: ["projects", project, "samples", outcome, page],
    queryFn: ({ signal }) => {
      const query = { page, page_size: PAGE_SIZE, ...(outcome && { outcome }) };
      const params = { ...pathOf(project), query };
      return unwrap(api.GET("/api/projects/{project_id}/samples/", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });

export function useKeepEmotions(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (kept: string[]) =>
      unwrap(api.PUT("/api/projects/{project_id}/emotions/", { params: pathOf(project), body: { kept } })),
    onSuccess: (set) => {
      client.setQueryData(emotionsQuery(project).queryKey, set);
      void client.invalidateQueries({ queryKey: ["projects", project, "samples"] });
      void client.invalidateQueries({ queryKey: ["projects", project, "agreement"] });
    },
  });
}
