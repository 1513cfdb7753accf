import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";

/** More projects than this in one lab are not expected; the server pages them all the same. */
const MOST_PROJECTS = 100;

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/projects/", { params: { query: { page_size: MOST_PROJECTS } }, signal })),
});
