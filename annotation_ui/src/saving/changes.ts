import type {
  AssignmentDetail,
  CorrectionRequest,
  Interaction,
  InteractionRequest,
  LineRequest,
  Moment,
  RemarkRequest,
  State,
  StateRequest,
  StepRequest,
  Watched,
} from "../api/types";
import type { Span } from "../media/intervals";

/** What a person did and the server has to hear of. */
export type Change =
  | { type: "record"; timeMs: number; rate: number }
  | { type: "remove"; momentId: string }
  | { type: "restore"; momentId: string }
  | { type: "watched"; spans: readonly Span[]; positionMs: number }
  | { type: "interaction"; mark: Omit<InteractionRequest, "client_id"> }
  | { type: "story"; project: number; episode: number; kind: "join" | "split"; shot: number }
  | { type: "state"; answer: Omit<StateRequest, "client_id"> }
  | { type: "lines"; lines: readonly LineRequest[] }
  | { type: "step"; step: StepRequest }
  | { type: "remark"; remark: RemarkRequest }
  | { type: "rating"; character: number; item: string; value: number }
  | { type: "comment"; project: number; clip: number; text: string }
  | { type: "correction"; episode: number; correction: Omit<CorrectionRequest, "client_id"> };

/** A change on its way: kept on this computer until the server said yes. Its id makes sending it twice one change. */
export interface Entry {
  id: string;
  /** 0 for what belongs to no turn. */
  assignment: number;
  /** What the turn is about, as `itemOf` names it: a later turn at the same work takes the entry over. */
  item: string;
  madeAt: number;
  change: Change;
  /** Why the server refused it for good. */
  refusal?: string;
}

/** What the person did; what was watched is noted by itself, and nobody counts it. */
export function madeByHand(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ change }) => change.type !== "watched");
}

/** The name of what an assignment is about, the same in every turn at it. */
export function itemOf(turn: AssignmentDetail): string {
  return turn.clip ? `clip:${turn.clip.id}` : `episode:${turn.episode.id}`;
}

/** The server's answer to an entry. */
export type Saved =
  | { moment: Moment }
  | { watched: Watched }
  | { state: State }
  | { interaction: Interaction }
  | Extract<Change, { type: "correction" | "rating" | "story" | "comment" | "lines" | "step" | "remark" }>;

export interface Accepted {
  assignment: number;
  saved: Saved;
}

/**
 * A turn as it was loaded, with what the server accepted since the loading began: it may have read the turn before it
 * took a change, and answered after it.
 */
export function upToDate(turn: AssignmentDetail, accepted: readonly Accepted[]): AssignmentDetail {
  return accepted.filter(({ assignment }) => assignment === turn.id).reduce(withSaved, turn);
}

function withSaved(turn: AssignmentDetail, { saved }: Accepted): AssignmentDetail {
  if ("moment" in saved) {
    const others = turn.moments.filter((one) => one.id !== saved.moment.id);
    return { ...turn, moments: [...others, saved.moment] };
  }
  if ("type" in saved || "interaction" in saved) return turn;
  if ("watched" in saved) return { ...turn, watched: saved.watched };
  const others = turn.states.filter((one) => one.character !== saved.state.character);
  return { ...turn, states: [...others, saved.state] };
}
