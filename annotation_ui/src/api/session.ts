import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import type { Language, Session } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/session/", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const vocabularyQuery = queryOptions({
  queryKey: ["vocabulary"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/vocabulary/", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export function useLogIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { username: string; password: string }) => unwrap(api.POST("/api/session/", { body })),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useLogOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/session/")),
    onSuccess: async () => {
      // What one person has read must not be shown to the next one on this computer.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      await client.resetQueries({ queryKey: sessionQuery.queryKey });
    },
  });
}

/** Keep what the person decided about the application: it follows to every computer. */
export function useKeepPreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { language?: Language; keys?: Record<string, string[]> }) =>
      unwrap(api.PATCH("/api/session/", { body })),
    onSuccess: (user) =>
      client.setQueryData(sessionQuery.queryKey, (old: Session | undefined) => (old ? { ...old, user } : old)),
  });
}
