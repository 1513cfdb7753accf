import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";

/** The numbers of a release; they never change. */
export const statisticsQuery = (release: number) =>
  queryOptions({
    queryKey: ["releases", release, "statistics"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/releases/{id}/statistics/", { params: { path: { id: release } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
