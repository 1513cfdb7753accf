import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, idPath, unwrap } from "../../api/client";

const MOST_TURNS = 100;

/** Midnight here: a day of work is the annotator's, not the server's. */
export function startOfDay(now = new Date()): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString();
}

const pathOf = (project: number) => ({ path: { project_id: project } });

/** The clips that the person finished today, the last one first. They go stale with the project: see `useTurn`. */
export const ownTurnsQuery = (project: number) => {
  const since = startOfDay();
  return queryOptions({
    queryKey: ["projects", project, "turns", since],
    queryFn: ({ signal }) => {
      const params = { ...pathOf(project), query: { since, page_size: MOST_TURNS } };
      return unwrap(api.GET("/api/projects/{project_id}/turns/", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });
};

/** What is probably next; null where nothing is. */
export const upcomingQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "upcoming"],
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/projects/{project_id}/upcoming/", { params: pathOf(project), signal }))) ?? null,
  });

/** The project with what waits for the person. */
export const ownProjectQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "mine"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/projects/{id}/", { params: idPath(project), signal })),
    placeholderData: keepPreviousData,
  });
