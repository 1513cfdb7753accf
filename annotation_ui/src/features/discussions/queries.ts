import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import type { ConsensusRequest } from "../../api/types";

export const discussionQuery = (project: number, clip: number) =>
  queryOptions({
    queryKey: ["projects", project, "discussions", "one", clip],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: project, clip_id: clip } };
      return unwrap(api.GET("/api/projects/{project_id}/discussions/{clip_id}/", { params, signal }));
    },
    // Others write too: what they say shows up without a reload.
    refetchInterval: 15_000,
  });

export const DIFFERING = 10;

export const differingQuery = (project: number, page: number) =>
  queryOptions({
    queryKey: ["projects", project, "discussions", "list", page],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: project }, query: { page, page_size: DIFFERING } };
      return unwrap(api.GET("/api/projects/{project_id}/discussions/", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });

export function useConsensus(project: number, clip: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ConsensusRequest) => {
      const params = { path: { project_id: project, clip_id: clip } };
      return unwrap(api.POST("/api/projects/{project_id}/discussions/{clip_id}/consensus/", { params, body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["projects", project] }),
  });
}
