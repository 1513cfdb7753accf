import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, idPath, unwrap } from "../api/client";
import type { AssignmentDetail, AssignmentKind } from "../api/types";

/** The turn that the person holds in a project, or a new one; null where nothing is left. Asking twice gives the same turn. */
export const turnQuery = (project: number, kind: AssignmentKind) =>
  queryOptions({
    queryKey: ["turn", project, kind],
    queryFn: async ({ signal }): Promise<AssignmentDetail | null> => {
      return (
        (await unwrap(api.POST("/api/projects/{id}/next/", { params: idPath(project), body: { kind }, signal }))) ??
        null
      );
    },
    // What the page shows changes by what the annotator does, not because a window got the focus.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export function useTurn(project: number, kind: AssignmentKind) {
  const client = useQueryClient();
  const options = turnQuery(project, kind);
  const query = useQuery(options);
  const [round, setRound] = useState(0);

  /** Ask for a turn again, after one was finished or lost. */
  async function takeNext() {
    await query.refetch();
    setRound((old) => old + 1);
    void client.invalidateQueries({ queryKey: ["projects"] });
  }

  return { ...query, round, takeNext, put: (turn: AssignmentDetail) => client.setQueryData(options.queryKey, turn) };
}

export async function finishTurn(assignment: number): Promise<AssignmentDetail> {
  return unwrap(api.POST("/api/assignments/{id}/finish/", { params: idPath(assignment) }));
}
