import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** The example of each label of a project that has one, in the order of the wheel. */
export const exemplarsQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "exemplars"],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: project } };
      return unwrap(api.GET("/api/projects/{project_id}/exemplars/", { params, signal }));
    },
  });
