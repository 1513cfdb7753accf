import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idPath, unwrap } from "../../api/client";
import type { Casting } from "../../api/types";

export const castingQuery = (episode: number) =>
  queryOptions({
    queryKey: ["casting", episode],
    queryFn: ({ signal }) => unwrap(api.GET("/api/castings/{id}/", { params: idPath(episode), signal })),
  });

/** A decision about faces. */
export type Decision =
  | { type: "link"; faces: number[]; character: number | null }
  | { type: "merge"; into: number; others: number[] }
  | { type: "split"; face: number; tracks: number[] }
  | { type: "undo" };

function send(episode: number, decision: Decision): Promise<Casting> {
  const params = idPath(episode);
  switch (decision.type) {
    case "link": {
      const { faces, character } = decision;
      return unwrap(api.POST("/api/castings/{id}/link/", { params, body: { faces, character } }));
    }
    case "merge": {
      const { into, others } = decision;
      return unwrap(api.POST("/api/castings/{id}/merge/", { params, body: { into, others } }));
    }
    case "split": {
      const { face, tracks } = decision;
      return unwrap(api.POST("/api/castings/{id}/split/", { params, body: { face, tracks } }));
    }
    case "undo":
      return unwrap(api.POST("/api/castings/{id}/undo/", { params }));
  }
}

/** Decide about faces; the server answers with how all of them stand now. One decision waits for the one before it. */
export function useDecide(episode: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: Decision) => send(episode, decision),
    scope: { id: `casting-${episode}` },
    onSuccess: (casting) => {
      client.setQueryData(castingQuery(episode).queryKey, casting);
      void client.invalidateQueries({ queryKey: ["episodes"] });
    },
  });
}

/** Make the picture of a face one that its character is known by. */
export function useMakeReference(series: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ face, character }: { face: number; character: number }) =>
      unwrap(api.POST("/api/characters/{id}/references/", { params: idPath(character), body: { face } })),
    onSuccess: (document) => client.setQueryData(["series", "one", series], document),
  });
}
