import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { exemplarsQuery } from "../../components/exemplars";

export const PAGE_SIZE = 25;

export interface AnswerFilter {
  label: string;
  unsure: boolean;
  commented: boolean;
  page: number;
}

const pathOf = (project: number) => ({ path: { project_id: project } });
const answersKey = (project: number) => ["projects", project, "answers"] as const;

type Label = NonNullable<
  NonNullable<Parameters<typeof api.GET<"/api/projects/{project_id}/answers/", never>>[1]>["params"]["query"]
>["label"];

export const answersQuery = (project: number, { label, unsure, commented, page }: AnswerFilter) =>
  queryOptions({
    queryKey: [...answersKey(project), { label, unsure, commented, page }],
    queryFn: ({ signal }) => {
      const query = {
        page,
        page_size: PAGE_SIZE,
        ...(label ? { label: label as NonNullable<Label> } : {}),
        ...(unsure ? { unsure } : {}),
        ...(commented ? { commented } : {}),
      };
      return unwrap(api.GET("/api/projects/{project_id}/answers/", { params: { ...pathOf(project), query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** Make an answer the example of its label, or take the label's example away. */
export function useExemplar(project: number) {
  const client = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: answersKey(project) }),
      client.invalidateQueries({ queryKey: exemplarsQuery(project).queryKey }),
    ]);
  const choose = useMutation({
    mutationFn: (body: { answer: number; note: string }) =>
      unwrap(api.POST("/api/projects/{project_id}/exemplars/", { params: pathOf(project), body })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (label: string) => {
      const params = { path: { project_id: project, label } };
      return unwrap(api.DELETE("/api/projects/{project_id}/exemplars/{label}/", { params }));
    },
    onSuccess,
  });
  return { choose, remove };
}
