import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { startOfDay } from "../states/history";

const MOST_TURNS = 100;

/** The clips whose pair the person labelled today, the last one first. They go stale with the project: see `useTurn`. */
export const ownRelatedQuery = (project: number) => {
  const since = startOfDay();
  return queryOptions({
    queryKey: ["projects", project, "own-related", since],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: project }, query: { since, page_size: MOST_TURNS } };
      return unwrap(api.GET("/api/projects/{project_id}/own-related/", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });
};
