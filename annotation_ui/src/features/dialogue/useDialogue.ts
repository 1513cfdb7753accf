import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, idPath, unwrap } from "../../api/client";
import { sessionQuery } from "../../api/session";
import type { Dialogue, DialogueLine } from "../../api/types";
import type { Outbox } from "../../saving/outbox";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { before, type Correction, withCorrections } from "./lines";

const dialogueQuery = (episode: number, outbox: Outbox) =>
  queryOptions({
    queryKey: ["dialogue", episode],
    queryFn: async ({ signal }) => {
      const since = outbox.snapshot.accepted.length;
      const dialogue = await unwrap(api.GET("/api/dialogues/{id}/", { params: idPath(episode), signal }));
      return { dialogue, since };
    },
    // What the page shows changes by what its person does; another's corrections come with the next visit.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** The dialogue of an episode as the server knows it. */
export function useDialogueQuery(episode: number) {
  return useQuery(dialogueQuery(episode, useOutbox()));
}

interface Step {
  undo: Correction;
  redo: Correction;
}

/** The dialogue with one's own corrections in it, also those on their way, and what can be done to it. */
export function useDialogue({ dialogue, since }: { dialogue: Dialogue; since: number }) {
  const outbox = useOutbox();
  const { entries, accepted } = useOutboxState();
  const author = useQuery({ ...sessionQuery, enabled: false }).data?.user?.full_name ?? "";
  const [past, setPast] = useState<readonly Step[]>([]);
  const [future, setFuture] = useState<readonly Step[]>([]);
  const { episode } = dialogue;

  const mine = useMemo(() => {
    const known = accepted.slice(since).flatMap(({ saved }) => ("correction" in saved ? [saved] : []));
    const unsent = entries.flatMap(({ change }) => (change.type === "correction" ? [change] : []));
    return [...known, ...unsent].filter((one) => one.episode === episode).map(({ correction }) => correction);
  }, [accepted, since, entries, episode]);
  const lines = useMemo(() => withCorrections(dialogue.lines, mine, author), [dialogue.lines, mine, author]);

  function send(correction: Correction) {
    outbox.add({ assignment: 0, item: `dialogue:${episode}` }, { type: "correction", episode, correction });
  }

  /** Correct a line; `line` is how it stands now, null for one that is added. */
  function correct(line: DialogueLine | null, correction: Correction) {
    send(correction);
    setPast((old) => [
      ...old,
      { undo: line ? before(line) : { ...correction, status: "withdrawn" }, redo: correction },
    ]);
    setFuture([]);
  }

  function undo() {
    const step = past.at(-1);
    if (!step) return;
    send(step.undo);
    setPast(past.slice(0, -1));
    setFuture([step, ...future]);
  }

  function redo() {
    const [step, ...later] = future;
    if (!step) return;
    send(step.redo);
    setPast([...past, step]);
    setFuture(later);
  }

  return {
    lines,
    pending: dialogue.pending || mine.length > 0,
    correct,
    undo,
    redo,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
  };
}

/** Have the workers make segments that follow the corrections, now and not after a while. */
export function useFollowNow(episode: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/episodes/{id}/analyse/", { params: idPath(episode) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["episodes"] }),
  });
}
