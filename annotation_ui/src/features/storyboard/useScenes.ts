import { useMemo, useState } from "react";
import type { Storyboard } from "../../api/types";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { changesOf, editsAmong, type Scene, type StoryEdit, scenesOf, withEdit } from "./stories";

type Edit = Pick<StoryEdit, "kind" | "shot">;

const opposite = (edit: Edit): Edit => ({ ...edit, kind: edit.kind === "join" ? "split" : "join" });

/** The scenes of a storyboard and what can be done to them. Every edit goes to the outbox; taking back is an edit. */
export function useScenes(project: number, episode: number, board: Storyboard, since: number) {
  const outbox = useOutbox();
  const { entries, accepted } = useOutboxState();
  const [past, setPast] = useState<readonly Edit[]>([]);
  const [future, setFuture] = useState<readonly Edit[]>([]);

  const scenes = useMemo(() => {
    const placeOf = new Map(board.shots.map((shot, place) => [shot.index, place]));
    const known = accepted.slice(since).map(({ saved }) => saved);
    const edits = editsAmong([...known, ...changesOf(entries)], project, episode);
    return edits.reduce<Scene[]>(
      (some, edit) => withEdit(some, edit.kind, placeOf.get(edit.shot) ?? 0),
      scenesOf(board),
    );
  }, [board, accepted, since, entries, project, episode]);

  function tell(edit: Edit) {
    outbox.add({ assignment: 0, item: `story:${project}:${episode}` }, { type: "story", project, episode, ...edit });
  }

  function edit(next: Edit) {
    tell(next);
    setPast([...past, next]);
    setFuture([]);
  }

  function undo(): number | undefined {
    const last = past.at(-1);
    if (!last) return undefined;
    tell(opposite(last));
    setPast(past.slice(0, -1));
    setFuture([last, ...future]);
    return last.shot;
  }

  function redo(): number | undefined {
    const [next, ...later] = future;
    if (!next) return undefined;
    tell(next);
    setPast([...past, next]);
    setFuture(later);
    return next.shot;
  }

  return { scenes, edit, undo, redo, canUndo: past.length > 0, canRedo: future.length > 0 };
}
