import { useLocalStorage } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { sessionQuery } from "../../api/session";
import type { Discussion, Relationship } from "../../api/types";
import { useCommands } from "../../commands/useCommands";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { newId } from "../../saving/uuid";
import { discussionCommands } from "./commands";
import { discussionQuery, useConsensus } from "./queries";

export interface ShownComment {
  id: string;
  author: string;
  text: string;
  /** Null while it is on its way. */
  createdAt: string | null;
}

/** What is said and decided on the page of a discussion. */
export function useDiscussion(project: number, discussion: Discussion) {
  const { clip, consensuses, answers, may_decide: mayDecide } = discussion;
  const navigate = useNavigate();
  const client = useQueryClient();
  const outbox = useOutbox();
  const { entries, accepted } = useOutboxState();
  const me = useQuery(sessionQuery).data?.user?.full_name ?? "";
  const field = useRef<HTMLTextAreaElement>(null);
  const consensus = useConsensus(project, clip);
  // Begin with what was agreed on, else with what the first annotator says.
  const first = consensuses[0] ?? answers.map(({ said }) => said).find(({ pair }) => pair !== null);
  const [pair, setPair] = useState<readonly number[]>(first?.pair ?? []);
  const [relationship, setRelationship] = useState<Relationship | undefined>(consensuses[0]?.relationship);
  const [note, setNote] = useState("");
  const [text, setText] = useLocalStorage({
    key: `affectory:comment:${clip}`,
    defaultValue: "",
    getInitialValueInEffect: false,
  });

  const unsent = entries.flatMap(({ id, change }) =>
    change.type === "comment" && change.clip === clip ? [{ id, author: me, text: change.text, createdAt: null }] : [],
  );
  const sent = useMemo(
    () => accepted.filter(({ saved }) => "type" in saved && saved.type === "comment" && saved.clip === clip).length,
    [accepted, clip],
  );
  useEffect(() => {
    if (sent > 0) void client.invalidateQueries({ queryKey: discussionQuery(project, clip).queryKey });
  }, [sent, client, project, clip]);

  const known: ShownComment[] = discussion.comments.map((one) => ({
    id: one.client_id,
    author: one.author,
    text: one.text,
    createdAt: one.created_at,
  }));
  const isComplete = pair.length === 2 && relationship !== undefined && !consensus.isPending;
  const backTo = mayDecide ? `/projects/${project}?tab=training` : `/projects/${project}/training`;
  const record = () => {
    const [one, other] = pair;
    if (one === undefined || other === undefined || !relationship) return;
    consensus.mutate({ client_id: newId(), pair: [one, other], relationship, note }, { onSuccess: () => setNote("") });
  };
  const commands = useCommands(discussionCommands, {
    mayDecide,
    isComplete,
    comment: () => field.current?.focus(),
    relate: setRelationship,
    record,
    back: () => void navigate(backTo),
  });

  return {
    commands,
    backTo,
    field,
    comments: [...known, ...unsent.filter(({ id }) => known.every((one) => one.id !== id))],
    text,
    setText,
    say: () => {
      if (!text.trim()) return;
      outbox.add({ assignment: 0, item: `clip:${clip}` }, { type: "comment", project, clip, text: text.trim() });
      setText("");
    },
    pair,
    /** Choose somebody for the pair, or not any more; a third one takes the place of the first. */
    togglePerson: (identity: number) =>
      setPair(pair.includes(identity) ? pair.filter((one) => one !== identity) : [...pair.slice(-1), identity]),
    relationship,
    setRelationship,
    note,
    setNote,
    isComplete,
    record,
    consensus,
  };
}

export type DiscussionDesk = ReturnType<typeof useDiscussion>;
