import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, idPath, unwrap } from "../../api/client";
import { upToDate } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";

/** A turn of one's own that was finished before, to be corrected. */
export function useOwnTurn(assignment: number) {
  const outbox = useOutbox();
  const { accepted } = useOutboxState();
  const { data, ...query } = useQuery(
    queryOptions({
      queryKey: ["own-turn", assignment],
      queryFn: async ({ signal }) => {
        const since = outbox.snapshot.accepted.length;
        const turn = await unwrap(api.GET("/api/assignments/{id}/", { params: idPath(assignment), signal }));
        return { turn, since };
      },
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
    }),
  );
  const turn = useMemo(() => data && upToDate(data.turn, accepted.slice(data.since)), [data, accepted]);
  return { ...query, turn };
}
