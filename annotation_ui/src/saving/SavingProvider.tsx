import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { AssignmentDetail, User } from "../api/types";
import { withSaved } from "./changes";
import { Outbox, type OutboxState } from "./outbox";
import { send } from "./send";
import { localStore } from "./store";

const OutboxContext = createContext<Outbox | null>(null);

/** One outbox for the person who is logged in, over all pages. */
export function SavingProvider({ user, children }: { user: User; children: ReactNode }) {
  const client = useQueryClient();
  const [outbox] = useState(
    () =>
      new Outbox({
        store: localStore(user.id),
        send,
        onSaved: (entry, saved) =>
          client.setQueriesData({ queryKey: ["turn"] }, (turn: AssignmentDetail | null | undefined) =>
            turn?.id === entry.assignment ? withSaved(turn, saved) : turn,
          ),
      }),
  );
  useEffect(() => outbox.start(), [outbox]);
  return <OutboxContext value={outbox}>{children}</OutboxContext>;
}

export function useOutbox(): Outbox {
  const outbox = useContext(OutboxContext);
  if (!outbox) throw new Error("useOutbox needs a SavingProvider above it.");
  return outbox;
}

export function useOutboxState(): OutboxState {
  const outbox = useOutbox();
  return useSyncExternalStore(outbox.subscribe, () => outbox.snapshot);
}
