import type { Relationship } from "../../api/types";
import type { Command } from "../../commands/commands";
import { FIVE } from "../../components/relationships";

export interface DiscussionContext {
  mayDecide: boolean;
  isComplete: boolean;
  comment: () => void;
  relate: (relationship: Relationship) => void;
  record: () => void;
  back: () => void;
}

export const discussionCommands: readonly Command<DiscussionContext>[] = [
  {
    id: "discussion.comment",
    keys: ["c"],
    label: "discussion.keys.comment",
    group: "page",
    run: ({ comment }) => comment(),
  },
  {
    id: "discussion.relationship",
    keys: ["1", "2", "3", "4", "5"],
    label: "discussion.keys.relationship",
    group: "answer",
    available: ({ mayDecide }) => mayDecide,
    run: ({ relate }, place) => {
      const chosen = FIVE[place];
      if (chosen) relate(chosen);
    },
  },
  {
    id: "discussion.record",
    keys: ["enter"],
    label: "discussion.keys.record",
    group: "answer",
    available: ({ mayDecide, isComplete }) => mayDecide && isComplete,
    run: ({ record }) => record(),
  },
  { id: "discussion.back", keys: ["b"], label: "app.back", group: "page", run: ({ back }) => back() },
];
