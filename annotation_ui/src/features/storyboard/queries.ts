import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import type { Outbox } from "../../saving/outbox";

export const PAGE_SIZE = 50;

export const storyboardsQuery = (project: number, page: number) =>
  queryOptions({
    queryKey: ["projects", project, "storyboards", page],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: project }, query: { page, page_size: PAGE_SIZE } };
      return unwrap(api.GET("/api/projects/{project_id}/storyboards/", { params, signal }));
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** An episode's storyboard, and how many changes the server had accepted when it was asked. */
export const storyboardQuery = (project: number, episode: number, outbox: Outbox) =>
  queryOptions({
    queryKey: ["projects", project, "storyboard", episode],
    queryFn: async ({ signal }) => {
      const since = outbox.snapshot.accepted.length;
      const params = { path: { project_id: project, episode_id: episode } };
      const call = api.GET("/api/projects/{project_id}/storyboards/{episode_id}/", { params, signal });
      return { board: await unwrap(call), since };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
