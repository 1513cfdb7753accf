import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, idPath, unwrap } from "../api/client";
import type { AssignmentDetail, AssignmentKind } from "../api/types";
import { upToDate } from "../saving/changes";
import type { Outbox } from "../saving/outbox";
import { useOutbox, useOutboxState } from "../saving/SavingProvider";

/** The turn that the person holds in a project, or a new one; null where nothing is left. Asking twice gives the same turn. */
const turnQuery = (project: number, kind: AssignmentKind, outbox: Outbox) =>
  queryOptions({
    queryKey: ["turn", project, kind],
    queryFn: async ({ signal }) => {
      const since = outbox.snapshot.accepted.length;
      const call = api.POST("/api/projects/{id}/next/", { params: idPath(project), body: { kind }, signal });
      return { turn: (await unwrap(call)) ?? null, since };
    },
    // What the page shows changes by what the annotator does, not because a window got the focus.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export function useTurn(project: number, kind: AssignmentKind) {
  const client = useQueryClient();
  const outbox = useOutbox();
  const { accepted } = useOutboxState();
  const options = turnQuery(project, kind, outbox);
  const { data: loaded, ...query } = useQuery(options);
  const [round, setRound] = useState(0);
  const turn = useMemo(
    () => (loaded?.turn ? upToDate(loaded.turn, accepted.slice(loaded.since)) : loaded?.turn),
    [loaded, accepted],
  );

  /** Ask for a turn again, after one was finished or lost. */
  async function takeNext() {
    await query.refetch();
    setRound((old) => old + 1);
    void client.invalidateQueries({ queryKey: ["projects"] });
  }

  function put(next: AssignmentDetail) {
    client.setQueryData(options.queryKey, { turn: next, since: outbox.snapshot.accepted.length });
  }

  return { ...query, turn, round, takeNext, put };
}

export async function finishTurn(assignment: number): Promise<AssignmentDetail> {
  return unwrap(api.POST("/api/assignments/{id}/finish/", { params: idPath(assignment) }));
}
