import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import type { Outbox } from "../../saving/outbox";

/** What is known of a turn's episode, and how many changes the server had accepted when it was asked. */
export const locatingQuery = (assignment: number, outbox: Outbox) =>
  queryOptions({
    queryKey: ["locating", assignment],
    queryFn: async ({ signal }) => {
      const since = outbox.snapshot.accepted.length;
      const params = { path: { assignment_id: assignment } };
      return { page: await unwrap(api.GET("/api/locating/{assignment_id}/", { params, signal })), since };
    },
    // What the page shows changes by what the annotator does, not because a window got the focus.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
