import { useMemo, useState } from "react";
import type { AssignmentDetail, Locating } from "../../api/types";
import type { Player } from "../../media/player";
import { frameLengthMs } from "../../media/timecode";
import type { Edge } from "./commands";
import { useInMark } from "./inMark";
import { edgesOf, type Mark, type Offer, snapped } from "./interactions";
import { useInteractions } from "./useInteractions";
import { useWindow } from "./useWindow";

/** A mark so near to an edge was meant for it. */
const NEAR_MS = 250;
/** Who goes back within this much of a story segment's start means the one before. */
const AT_START_MS = 1000;

/** What can be done at the desk: the begun mark, the selected interaction, the suggestion in view, the part shown. */
export function useLocating(player: Player, turn: AssignmentDetail, page: Locating, since: number) {
  const interactions = useInteractions(turn, page, since);
  const { marks, offers, selected } = interactions;
  const [inMs, setInMs] = useInMark(turn.id);
  const [isSnapping, setSnapping] = useState(true);
  const [loopedId, setLoopedId] = useState<string>();
  const [offerKey, setOfferKey] = useState<string>();
  const edges = useMemo(() => edgesOf(page), [page]);
  const frameMs = useMemo(() => frameLengthMs(turn.episode.frame_rate), [turn.episode.frame_rate]);
  const view = useWindow(player, page.stories, turn.episode.duration_ms);
  const offer = offers.find((one) => one.key === offerKey) ?? offers[0];
  const isLooping = loopedId !== undefined && loopedId === selected?.id;

  function stopLooping() {
    if (loopedId === undefined) return;
    player.loop(null);
    player.pause();
    setLoopedId(undefined);
  }

  function goTo(startMs: number, endMs: number) {
    stopLooping();
    player.seek(startMs);
    view.show(startMs, endMs);
  }

  function jumpTo(mark: Mark) {
    player.pause();
    goTo(mark.startMs, mark.endMs);
    interactions.select(mark);
  }

  const here = () => (isSnapping ? snapped(edges, player.timeMs, NEAR_MS) : player.timeMs);

  function begin() {
    stopLooping();
    interactions.select(undefined);
    setInMs(here());
  }

  function end() {
    const timeMs = here();
    if (inMs === undefined || timeMs <= inMs) return;
    interactions.mark(inMs, timeMs);
    setInMs(undefined);
  }

  /** Move an edge of the selected interaction, or the begun mark, and show the frame there. */
  function put(edge: Edge, timeMs: number) {
    if (selected) {
      const moved = edge === "start" ? { startMs: timeMs } : { endMs: timeMs };
      if (!interactions.move(selected, moved)) return;
    } else if (inMs !== undefined && edge === "start") setInMs(Math.max(0, timeMs));
    stopLooping();
    player.pause();
    player.seek(timeMs);
  }

  function edgeMs(edge: Edge): number | undefined {
    if (!selected) return edge === "start" ? inMs : undefined;
    return edge === "start" ? selected.startMs : selected.endMs;
  }

  function nudge(edge: Edge, frames: 1 | -1) {
    const now = edgeMs(edge);
    if (now !== undefined) put(edge, Math.round(now + frames * frameMs));
  }

  function snap(edge: Edge) {
    const now = edgeMs(edge);
    if (now !== undefined) put(edge, snapped(edges, now));
  }

  function goStory(steps: 1 | -1) {
    const { story } = view;
    if (!story) return;
    const isInside = steps < 0 && player.timeMs - story.start_ms > AT_START_MS;
    const target = page.stories[isInside ? story.index : story.index + steps];
    if (target) goTo(target.start_ms, target.end_ms);
  }

  function goOffer(steps: 1 | -1) {
    const place = offer ? offers.indexOf(offer) + steps : 0;
    showOffer(offers[(place + offers.length) % offers.length]);
  }

  function showOffer(next: Offer | undefined) {
    setOfferKey(next?.key);
    if (next) goTo(next.start_ms, next.end_ms);
  }

  function answer(isTaken: boolean) {
    if (!offer) return;
    const next = offers[offers.indexOf(offer) + 1];
    interactions.answer(offer, isTaken);
    if (isTaken) {
      goTo(offer.start_ms, offer.end_ms);
      setOfferKey(next?.key);
    } else showOffer(next);
  }

  function goMark(steps: 1 | -1) {
    const now = player.timeMs;
    const nearest = steps > 0 ? marks.find((mark) => mark.startMs > now) : marks.findLast((mark) => mark.startMs < now);
    const target = selected ? marks[marks.indexOf(selected) + steps] : nearest;
    if (target) jumpTo(target);
  }

  function loop() {
    if (isLooping) return stopLooping();
    if (!selected) return;
    player.loop([selected.startMs, selected.endMs]);
    setLoopedId(selected.id);
  }

  function undo() {
    stopLooping();
    if (inMs !== undefined) setInMs(undefined);
    else interactions.undo();
  }

  return {
    interactions,
    view,
    inMs,
    isSnapping,
    isLooping,
    offer,
    offers,
    jumpTo,
    showOffer,
    context: {
      player,
      frameMs,
      hasEdges: selected !== undefined || inMs !== undefined,
      hasSelected: selected !== undefined,
      hasOffer: offer !== undefined,
      canUndo: interactions.canUndo || inMs !== undefined,
      canRedo: interactions.canRedo,
      begin,
      end,
      edgeHere: (edge: Edge) => put(edge, here()),
      nudge,
      snap,
      toggleSnapping: () => setSnapping(!isSnapping),
      goStory,
      goOffer,
      answer,
      goMark,
      remove: () => {
        stopLooping();
        if (selected) interactions.remove(selected);
      },
      loop,
      undo,
      redo: interactions.redo,
    },
  };
}

export type LocatingDesk = ReturnType<typeof useLocating>;
