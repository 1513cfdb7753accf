import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import type { RelatedFilter } from "../../api/types";
import { exemplarsQuery } from "../../components/exemplars";

export const PAGE_SIZE = 25;

const pathOf = (project: number) => ({ path: { project_id: project } });
const relatedKey = (project: number) => ["projects", project, "related"] as const;
const remarksKey = (project: number) => ["projects", project, "identity-remarks"] as const;

export const relatedQuery = (project: number, filter: RelatedFilter, page: number) =>
  queryOptions({
    queryKey: [...relatedKey(project), filter, page],
    queryFn: ({ signal }) => {
      const { said, unsure, commented } = filter;
      const narrowed = {
        ...(said ? { said } : {}),
        ...(unsure ? { unsure } : {}),
        ...(commented ? { commented } : {}),
      };
      const params = { ...pathOf(project), query: { ...narrowed, page, page_size: PAGE_SIZE } };
      return unwrap(api.GET("/api/projects/{project_id}/related/", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** Make a labelled clip the example of its relationship. */
export function useExample(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ turn, note }: { turn: number; note: string }) => {
      const params = { path: { project_id: project, turn_id: turn } };
      return unwrap(api.POST("/api/projects/{project_id}/related/{turn_id}/example/", { params, body: { note } }));
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: relatedKey(project) }),
        client.invalidateQueries({ queryKey: exemplarsQuery(project).queryKey }),
      ]),
  });
}

/** What annotators say of mixed-up faces, and nobody has looked after. */
export const remarksQuery = (project: number) =>
  queryOptions({
    queryKey: remarksKey(project),
    queryFn: ({ signal }) => {
      const params = { ...pathOf(project), query: { is_open: true } };
      return unwrap(api.GET("/api/projects/{project_id}/identity-remarks/", { params, signal }));
    },
  });

export function useSettle(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (remark: number) => {
      const params = { path: { remark_id: remark } };
      return unwrap(api.PATCH("/api/identity-remarks/{remark_id}/", { params, body: { settled: true } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: remarksKey(project) }),
  });
}
