import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";

export const calibrationQuery = queryOptions({
  queryKey: ["calibration"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/calibration/", { signal })),
});

/** A run of the clip. It keeps its id, so that trying again after a lost network is still one run. */
export interface Run {
  client_id: string;
  presses_ms: number[];
}

export function useStoreRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Run) => unwrap(api.POST("/api/calibration/", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: calibrationQuery.queryKey }),
  });
}
