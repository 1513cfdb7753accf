import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idPath, unwrap } from "../../../api/client";
import { inTurn } from "../../../api/inTurn";
import type { ProjectSettings } from "../../../api/types";
import { settingsQuery } from "../queries";

export const momentsReportQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "moments"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/moments/", { params: { path: { project_id: project } }, signal })),
  });

export type MomentDecision = Partial<Pick<ProjectSettings, "moment_time" | "unwatched" | "moment_tolerance_ms">>;

export function useDecideMoments(project: number) {
  const client = useQueryClient();
  return useMutation({
    scope: inTurn(project),
    mutationFn: (body: MomentDecision) =>
      unwrap(api.PATCH("/api/projects/{id}/settings/", { params: idPath(project), body })),
    onSuccess: (settings) => {
      client.setQueryData(settingsQuery(project).queryKey, settings);
      return client.invalidateQueries({ queryKey: momentsReportQuery(project).queryKey });
    },
  });
}
