import { queryOptions } from "@tanstack/react-query";
import { api, idPath, unwrap } from "../../api/client";
import type { Relating } from "../../api/types";
import type { Outbox } from "../../saving/outbox";

/** A turn as it was loaded; `since`: how much the outbox had sent when the loading began. */
export interface Loaded {
  turn: Relating;
  since: number;
}

/** `round`: a turn that is taken again after it was lost is loaded again. */
export const relatingQuery = (assignment: number, round: number, outbox: Outbox) =>
  queryOptions({
    queryKey: ["relating", assignment, round],
    queryFn: async ({ signal }): Promise<Loaded> => {
      const since = outbox.snapshot.accepted.length;
      const turn = await unwrap(api.GET("/api/relating/{id}/", { params: idPath(assignment), signal }));
      return { turn, since };
    },
    // What the page shows changes by what the annotator does.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
