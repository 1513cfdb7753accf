import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import type { Outbox } from "../../saving/outbox";

export const PAGE_SIZE = 50;

const pathOf = (character: number) => ({ path: { character_id: character } });

/** They come with the program: asked for once. */
export const instrumentsQuery = queryOptions({
  queryKey: ["instruments"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/personality/instruments/", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const charactersQuery = (page: number) =>
  queryOptions({
    queryKey: ["characters", "list", page],
    queryFn: ({ signal }) => {
      const params = { query: { page, page_size: PAGE_SIZE } };
      return unwrap(api.GET("/api/personality/characters/", { params, signal }));
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** A character, and how many changes the server had accepted when it was asked. */
export const personalityQuery = (character: number, outbox: Outbox) =>
  queryOptions({
    queryKey: ["characters", "one", character],
    queryFn: async ({ signal }) => {
      const since = outbox.snapshot.accepted.length;
      const params = pathOf(character);
      const personality = await unwrap(api.GET("/api/personality/characters/{character_id}/", { params, signal }));
      return { personality, since };
    },
    staleTime: 0,
    gcTime: 0,
  });

export const wordsQuery = (character: number) =>
  queryOptions({
    queryKey: ["characters", "words", character],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/personality/characters/{character_id}/words/", { params: pathOf(character), signal })),
  });
