/** Plain bodies as the server would send them; a test changes only what it is about. */
import type {
  AssignmentDetail,
  Discussion,
  EpisodeDetail,
  Moment,
  Project,
  Release,
  State,
  User,
  Vocabulary,
} from "../api/types";

export const anna: User = { id: 7, username: "anna", full_name: "Anna Lee", language: "en", is_admin: false, keys: {} };
export const ada: User = { id: 1, username: "ada", full_name: "Ada Admin", language: "en", is_admin: true, keys: {} };

export const vocabulary: Vocabulary = {
  primaries: [
    { name: "joy", fine_grained: ["serenity", "joy", "ecstasy"] },
    { name: "trust", fine_grained: ["acceptance", "trust", "admiration"] },
    { name: "fear", fine_grained: ["apprehension", "fear", "terror"] },
    { name: "surprise", fine_grained: ["distraction", "surprise", "amazement"] },
    { name: "sadness", fine_grained: ["pensiveness", "sadness", "grief"] },
    { name: "disgust", fine_grained: ["boredom", "disgust", "loathing"] },
    { name: "anger", fine_grained: ["annoyance", "anger", "rage"] },
    { name: "anticipation", fine_grained: ["interest", "anticipation", "vigilance"] },
  ],
  statuses: ["absent", "no_emotion", "several", "one"],
  reasons: ["text", "audio", "visual", "context"],
};

export const project: Project = {
  id: 3,
  name: "Pilot",
  protocol: "memor",
  role: "annotator",
  guideline: "Look **closely**.",
  answers_per_clip: 3,
  progress: {
    moments: { done: 1, total: 2 },
    states: { done: 4, total: 12 },
    locate: { done: 0, total: 0 },
    relate: { done: 0, total: 0 },
  },
  mine: {
    moments: { available: 1, done: 1 },
    states: { available: 2, done: 4 },
    locate: { available: 0, done: 0 },
    relate: { available: 0, done: 0 },
  },
  training: null,
};

const media = {
  id: 5,
  series: "Office",
  title: "Pilot episode",
  duration_ms: 60_000,
  frame_rate: "25/1",
  width: 1280,
  height: 720,
  video_url: "/media/episodes/5/video.mp4",
  poster_url: "/media/episodes/5/poster.jpg",
  waveform: null,
};

export const momentsTurn: AssignmentDetail = {
  id: 40,
  kind: "moments",
  status: "held",
  leased_until: "2030-01-01T00:00:00Z",
  project: { id: 3, name: "Pilot", guideline: "", moment_time: "raw", unwatched: "warn", context_ms: 0 },
  episode: media,
  clip: null,
  characters: [],
  moments: [],
  watched: { spans: [], position_ms: 0, smallest_gap_ms: 1000 },
  calibration: null,
  states: [],
  suggestions: [],
  subtitles: [{ index: 0, start_ms: 1000, end_ms: 3000, speaker: "Ross", text: "We were on a break!" }],
};

export const statesTurn: AssignmentDetail = {
  ...momentsTurn,
  id: 50,
  kind: "states",
  clip: {
    id: 9,
    start_ms: 10_000,
    end_ms: 20_000,
    context_start_ms: 10_000,
    moments_ms: [15_000],
    shots: [
      { index: 2, start_ms: 8_000, end_ms: 14_000 },
      { index: 3, start_ms: 14_000, end_ms: 25_000 },
    ],
    segments: [{ index: 4, start_ms: 10_000, end_ms: 20_000, kind: "speech", speaker: "Ross", text: "Hi." }],
  },
  characters: [
    {
      id: 1,
      name: "Ross",
      face_url: "/media/faces/1.jpg",
      on_screen: [[10_000, 14_000]],
      tracks: [{ index: 6, start_ms: 10_000, end_ms: 14_000 }],
      look: null,
    },
    { id: 2, name: "Rachel", face_url: null, on_screen: [], tracks: [], look: null },
    { id: 3, name: "Joey", face_url: null, on_screen: [], tracks: [], look: null },
  ],
};

export function moment(id: string, timeMs: number, removed = false): Moment {
  return { id, time_ms: timeMs, corrected_ms: null, removed, created_at: "2026-01-01T00:00:00Z" };
}

export function state(character: number, part: Partial<State> = {}): State {
  return {
    character,
    status: "no_emotion",
    primary: "",
    fine_grained: "",
    reasons: [],
    unsure: false,
    comment: "",
    evidence: [],
    context_watched_ms: 0,
    created_at: "2026-01-01T00:00:00Z",
    client_id: `state-${character}`,
    ...part,
  };
}

export const episode: EpisodeDetail = {
  id: 5,
  series: "Office",
  series_id: 2,
  title: "Pilot episode",
  duration_ms: 60_000,
  created_at: "2026-01-01T00:00:00Z",
  poster_url: null,
  analysis: { status: "running", progress: 40, step: "faces: tracking", estimate_s: 90 },
  jobs: [
    {
      id: 1,
      analyser: "shots",
      version: "1",
      status: "failed",
      progress: 10,
      step: "",
      attempt: 3,
      error: "The video ends early.",
      error_code: "truncated",
      started_at: null,
      finished_at: null,
      not_before: null,
      estimate_s: null,
    },
  ],
  media,
  shots: [{ index: 0, start_ms: 0, end_ms: 60_000 }],
  segments: [],
  identities: [
    { id: 11, screen_time_ms: 9000, face_url: null, character: 1, linked_by: "suggested", on_screen: [[0, 9000]] },
  ],
  lost_links: [],
  characters: [
    { id: 1, name: "Ross", is_main: true },
    { id: 2, name: "Rachel", is_main: true },
  ],
  subtitles: [],
  utterances: [
    {
      index: 0,
      start_ms: 1000,
      end_ms: 2000,
      speaker: "Ross",
      text: "Hi.",
      timing: "subtitle",
      speaker_certain: false,
    },
  ],
};

export const release: Release = {
  id: 21,
  number: 2,
  status: "done",
  progress: 100,
  step: "",
  error: "",
  created_at: "2026-01-01T00:00:00Z",
  created_by: "ada",
  options: { split: "grouped", group_by: "clip", seed: 7 },
  samples: 120,
  clips: 40,
  sha256: "ab".repeat(32),
  bytes: 2_500_000,
  download_url: "/api/releases/21/download/",
};

export function pageOf<T>(...results: T[]) {
  return { count: results.length, next: null, previous: null, results };
}

/** A training clip that Anna labelled and Ben discarded. */
export const discussion: Discussion = {
  clip: 8,
  project: "Pilot",
  part: "training",
  note: "",
  start_ms: 2000,
  end_ms: 12_000,
  episode: media,
  lines: [],
  people: [
    { identity: 11, name: "June", face_url: null },
    { identity: 12, name: "Nora", face_url: null },
    { identity: 13, name: "", face_url: null },
  ],
  answers: [
    {
      annotator: "Anna Lee",
      is_mine: true,
      said: { pair: [11, 12], relationship: "tense" },
      finished_at: "2026-11-19T10:00:00Z",
    },
    {
      annotator: "Ben",
      is_mine: false,
      said: { pair: null, relationship: "" },
      finished_at: "2026-11-19T11:00:00Z",
    },
  ],
  differs: true,
  comments: [],
  consensuses: [],
  may_decide: false,
};
