import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idPath, unwrap } from "../../api/client";
import type { Series } from "../../api/types";

const LOOK_AGAIN_MS = 2000;

export const seriesListQuery = queryOptions({
  queryKey: ["series", "list"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/series/", { params: { query: { page_size: 500 } }, signal })),
});

export const seriesQuery = (id: number) =>
  queryOptions({
    queryKey: ["series", "one", id],
    queryFn: ({ signal }) => unwrap(api.GET("/api/series/{id}/", { params: idPath(id), signal })),
    refetchInterval: (query) => {
      const reading = query.state.data?.characters.some(({ references }) => references.some((one) => one.reading));
      return reading ? LOOK_AGAIN_MS : false;
    },
  });

export interface CharacterWords {
  name: string;
  aliases: string[];
  is_main: boolean;
}

type Change =
  | ({ type: "add" } & CharacterWords)
  | ({ type: "save"; character: number } & CharacterWords)
  | { type: "order"; characters: number[] }
  | { type: "upload"; character: number; picture: File }
  | { type: "forget"; reference: number };

function send(series: number, change: Change): Promise<Series> {
  switch (change.type) {
    case "add": {
      const { type: _, ...body } = change;
      return unwrap(api.POST("/api/series/{id}/characters/", { params: idPath(series), body }));
    }
    case "save": {
      const { type: _, character, ...body } = change;
      return unwrap(api.PUT("/api/characters/{id}/", { params: idPath(character), body }));
    }
    case "order": {
      const { characters } = change;
      return unwrap(api.POST("/api/series/{id}/order/", { params: idPath(series), body: { characters } }));
    }
    case "upload": {
      const form = new FormData();
      form.append("picture", change.picture);
      return unwrap(
        api.POST("/api/characters/{id}/pictures/", {
          params: idPath(change.character),
          body: { picture: "" },
          bodySerializer: () => form,
        }),
      );
    }
    case "forget":
      return unwrap(api.DELETE("/api/references/{id}/", { params: idPath(change.reference) }));
  }
}

/** Change the people of a series; the server answers with all of them. */
export function useChangeSeries(series: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => send(series, change),
    scope: { id: `series-${series}` },
    onSuccess: (document) => client.setQueryData(seriesQuery(series).queryKey, document),
  });
}
