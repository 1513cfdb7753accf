import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClipLine, Relating } from "../../api/types";
import { lastItemBy } from "../../media/intervals";
import type { Player } from "../../media/player";
import { usePlaySpan } from "../../media/usePlaySpan";
import { added, type Batch, isDoubtful, joined, moved, removed, retyped, split, splitAtTime } from "./lines";
import type { RelatingDesk } from "./useRelating";

/** What can be done with the lines of a clip, and which of them is selected. */
export function useLines(desk: RelatingDesk, { clip, episode }: Relating, player: Player, frameMs: number) {
  const { t } = useTranslation();
  const [selected, setSelected] = useState<string>();
  const playSpan = usePlaySpan(player);
  const all = () => desk.reads.desk().lines;
  const chosen = () => all().find(({ name }) => name === selected);
  const placeOf = () => all().findIndex(({ name }) => name === selected);

  /** Hand over what is written in a field. Whatever else is done with a line builds on it. */
  function settle(): void {
    const { typed } = desk.reads.draft();
    if (!typed) return;
    desk.write({ typed: null });
    const line = all().find(({ name }) => name === typed.name);
    if (line) desk.revise(retyped(line, typed.text));
  }

  function change(make: (line: ClipLine) => Batch | undefined): void {
    settle();
    const line = chosen();
    if (line) desk.revise(make(line));
  }

  function show(line: ClipLine | undefined): void {
    if (!line) return;
    setSelected(line.name);
    player.seek(line.start_ms);
  }

  function field(name: string): HTMLTextAreaElement | null {
    return document.querySelector(`[data-line="${name}"] textarea`);
  }

  /** Write in a line as soon as it is on the page. */
  function write(name: string): void {
    player.pause();
    setSelected(name);
    requestAnimationFrame(() => field(name)?.select());
  }

  const moveEdge = (edge: "start" | "end", timeMs: number) =>
    change((line) => moved(line, edge, timeMs, clip, episode.duration_ms));

  return {
    selected,
    hasLine: chosen() !== undefined,
    select: setSelected,
    settle,
    type: (name: string, text: string) => {
      if (desk.reads.draft().typed?.name !== name) settle();
      desk.write({ typed: { name, text } });
    },
    splitAt: (name: string, text: string, place: number) => {
      const line = all().find((one) => one.name === name);
      const batch = line && split({ ...line, text }, place);
      if (!batch) return;
      desk.write({ typed: null });
      desk.revise(batch);
    },
    actions: {
      hasLine: chosen() !== undefined,
      canUndo: desk.undo.length > 0,
      canRedo: desk.redo.length > 0,
      selectLine: (steps: 1 | -1) => {
        settle();
        const from = placeOf();
        const start = lastItemBy(all(), player.timeMs) ?? all()[0];
        show(from < 0 ? start : all()[Math.min(Math.max(from + steps, 0), all().length - 1)]);
      },
      selectDoubtful: () => {
        settle();
        const from = placeOf();
        const doubtful = all().filter(isDoubtful);
        show(doubtful.find((line) => all().indexOf(line) > from) ?? doubtful[0]);
      },
      editLine: () => selected && write(selected),
      splitLine: () => change((line) => splitAtTime(line, player.timeMs)),
      joinLine: () =>
        change((line) => {
          const next = all()[placeOf() + 1];
          return next && joined(line, next);
        }),
      addLine: () => {
        settle();
        const batch = added(all(), player.timeMs, clip, t("relate.newLine"));
        desk.revise(batch);
        if (batch[0]) write(batch[0].name);
      },
      removeLine: () => {
        const next = all()[placeOf() + 1] ?? all()[placeOf() - 1];
        change(removed);
        setSelected(next?.name);
      },
      playLine: () => {
        settle();
        const line = chosen();
        if (line) playSpan(Math.max(line.start_ms, clip.start_ms), Math.min(line.end_ms, clip.end_ms));
      },
      edgeHere: (edge: "start" | "end") => moveEdge(edge, player.timeMs),
      nudge: (edge: "start" | "end", frames: 1 | -1) => {
        const line = chosen();
        if (line) moveEdge(edge, (edge === "start" ? line.start_ms : line.end_ms) + frames * frameMs);
      },
      undo: () => {
        settle();
        desk.undoLines();
      },
      redo: desk.redoLines,
    },
  };
}

export type LinesDesk = ReturnType<typeof useLines>;
