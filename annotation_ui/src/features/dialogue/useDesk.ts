import { useMemo, useRef, useState } from "react";
import type { Dialogue, DialogueLine, EpisodeMedia } from "../../api/types";
import type { Player } from "../../media/player";
import { usePlaySpan } from "../../media/usePlaySpan";
import type { DialogueContext } from "./commands";
import { guessSpeaker } from "./guess";
import { correctionOf, doubts, lacksSpeaker, movedEdge, nextWhere, type Said, saidOf } from "./lines";
import { useDialogue, useFollowNow } from "./useDialogue";
import { useLineDraft } from "./useLineDraft";

/** How much of the sound the strip shows, from near to far. */
const ZOOMS_MS = [60_000, 30_000, 12_000, 6_000, 3_000] as const;
const FIRST_ZOOM = 2;
const ADDED_MS = 1500;
/** Below this, or this near to the next one, a guess helps nobody. */
const LEAST_SHARE = 0.35;
const LEAST_LEAD = 0.08;

type Actions = Omit<DialogueContext, "player" | "frameMs" | "toggle" | "toggleLines" | "openHelp" | "openGuideline">;

/** Which line is being looked at, and everything that can be done to it. */
export function useDesk(loaded: { dialogue: Dialogue; since: number }, media: EpisodeMedia, player: Player) {
  const { dialogue } = loaded;
  const { lines, pending, correct, undo, redo, canUndo, canRedo } = useDialogue(loaded);
  const people = dialogue.characters;
  const follow = useFollowNow(dialogue.episode);
  const playSpan = usePlaySpan(player);
  const [selectedKey, setSelectedKey] = useState<string>();
  const [zoom, setZoom] = useState(FIRST_ZOOM);
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const textRef = useRef<HTMLTextAreaElement>(null);
  const speakerRef = useRef<HTMLInputElement>(null);

  const line = lines.find(({ key }) => key === selectedKey) ?? lines[0];
  const place = line ? lines.indexOf(line) : -1;
  const draft = useLineDraft(line, (changed, said) => {
    if (said.text.trim() !== "") correct(changed, correctionOf(changed, said));
  });

  const guess = useMemo(() => {
    if (!line || !lacksSpeaker(line)) return undefined;
    const [first, second] = guessSpeaker(
      lines,
      place,
      people.filter((one) => one.is_main),
    );
    const leads = first && first.share >= LEAST_SHARE && first.share - (second?.share ?? 0) >= LEAST_LEAD;
    return leads ? first : undefined;
  }, [lines, line, place, people]);

  function select(next: DialogueLine | undefined) {
    if (!next) return;
    draft.flush();
    setSelectedKey(next.key);
    if (!player.snapshot.playing) player.seek(next.start_ms);
  }

  function listenTo(next: DialogueLine | undefined) {
    if (!next) return;
    select(next);
    playSpan(next.start_ms, next.end_ms);
  }

  /** What stands on the line, with what is being written: the draft is part of the next correction, never lost. */
  function settle(change: Partial<Said>, removed = line?.removed ?? false) {
    if (!line) return;
    const said = { ...(draft.now() ?? saidOf(line)), ...change };
    draft.drop();
    if (said.text.trim() !== "") correct(line, correctionOf(line, said, removed));
  }

  function giveSpeaker(name: string) {
    if (!line) return;
    const lacked = lacksSpeaker(line);
    settle({ speaker: name });
    const next = lacked ? nextWhere(lines, place, 1, (one) => one !== line && lacksSpeaker(one)) : undefined;
    if (next) listenTo(next);
  }

  function approve() {
    if (!line) return;
    settle({});
    const next = nextWhere(lines, place, 1, (one) => one !== line && doubts(one).length > 0);
    if (next) listenTo(next);
  }

  function moveEdge(edge: "start" | "end", timeMs: number) {
    const said = draft.now();
    if (said) draft.change(movedEdge(said, edge, timeMs, media.duration_ms));
  }

  function add() {
    draft.flush();
    const start = Math.min(player.timeMs, media.duration_ms - ADDED_MS);
    const heard = { start_ms: Math.max(start, 0), end_ms: Math.max(start, 0) + ADDED_MS, text: "…", speaker: "" };
    correct(null, { anchor: heard, added: true, status: "said", ...heard });
    setSelectedKey(`new-${heard.start_ms}-${heard.end_ms}`);
    requestAnimationFrame(() => textRef.current?.select());
  }

  const actions: Actions = {
    hasLine: line !== undefined,
    hasGuess: guess !== undefined,
    canUndo,
    canRedo,
    pending,
    playLine: () => {
      const said = draft.now();
      if (said) playSpan(said.start_ms, said.end_ms);
    },
    go: (steps) => select(lines[place + steps]),
    goDoubtful: (steps) => listenTo(nextWhere(lines, place, steps, (one) => doubts(one).length > 0)),
    approve,
    speaker: (number) => {
      const person = people[number];
      if (person) giveSpeaker(person.name);
    },
    takeGuess: () => guess && giveSpeaker(guess.name),
    edit: (field) => {
      player.pause();
      if (field === "text") textRef.current?.focus();
      else speakerRef.current?.select();
    },
    edgeHere: (edge) => moveEdge(edge, player.timeMs),
    nudge: (edge, ms) => {
      const said = draft.now();
      if (said) moveEdge(edge, (edge === "start" ? said.start_ms : said.end_ms) + ms);
    },
    toggleRemoved: () => line && settle({}, !line.removed),
    add,
    undo: () => {
      draft.flush();
      undo();
    },
    redo,
    zoom: (steps) => setZoom((old) => Math.min(Math.max(old + steps, 0), ZOOMS_MS.length - 1)),
    followNow: () => {
      draft.flush();
      follow.mutate();
    },
  };

  function settleLost(lost: DialogueLine, status: "said" | "withdrawn") {
    correct(null, { ...correctionOf(lost), status, added: status === "said" });
    setSettled((old) => new Set([...old, lost.key]));
  }

  return {
    lines,
    line,
    said: draft.said,
    people,
    guess,
    follow,
    actions,
    lost: dialogue.lost.filter(({ key }) => !settled.has(key)),
    keepLost: (lost: DialogueLine) => settleLost(lost, "said"),
    dropLost: (lost: DialogueLine) => settleLost(lost, "withdrawn"),
    stripMs: Math.min(ZOOMS_MS[zoom] ?? media.duration_ms, media.duration_ms),
    select,
    change: draft.change,
    flush: draft.flush,
    giveSpeaker,
    drag: moveEdge,
    textRef,
    speakerRef,
  };
}
