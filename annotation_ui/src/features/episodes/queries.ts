import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idPath, unwrap } from "../../api/client";
import type { AnalysisProgress } from "../../api/types";

export const PAGE_SIZE = 25;
const LOOK_AGAIN_MS = 2000;

/** How soon to ask again: while something is being analysed its progress is news, afterwards nothing is. */
function pace(analyses: readonly AnalysisProgress[] | undefined): number | false {
  const busy = analyses?.some(({ status }) => status === "running" || status === "waiting");
  return busy ? LOOK_AGAIN_MS : false;
}

export const episodesQuery = (page: number) =>
  queryOptions({
    queryKey: ["episodes", "list", page],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/episodes/", { params: { query: { page, page_size: PAGE_SIZE } }, signal })),
    refetchInterval: (query) => pace(query.state.data?.results.map((episode) => episode.analysis)),
  });

export const episodeQuery = (id: number) =>
  queryOptions({
    queryKey: ["episodes", "one", id],
    queryFn: ({ signal }) => unwrap(api.GET("/api/episodes/{id}/", { params: idPath(id), signal })),
    refetchInterval: (query) => pace(query.state.data && [query.state.data.analysis]),
  });

export function useAnalyseAgain(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/episodes/{id}/analyse/", { params: idPath(id) })),
    onSuccess: (episode) => client.setQueryData(episodeQuery(id).queryKey, episode),
  });
}

/** Stop what runs and what waits; the server answers with what is left. */
export function useCancelAnalysis(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/episodes/{id}/cancel/", { params: idPath(id) })),
    onSuccess: (episode) => client.setQueryData(episodeQuery(id).queryKey, episode),
  });
}
