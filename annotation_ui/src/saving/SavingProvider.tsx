import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { sessionQuery } from "../api/session";
import type { User } from "../api/types";
import { Outbox, type OutboxState } from "./outbox";
import { send } from "./send";
import { localStore } from "./store";

const OutboxContext = createContext<Outbox | null>(null);

/** One outbox for the person who is logged in, over all pages. */
export function SavingProvider({ user, children }: { user: User; children: ReactNode }) {
  const [outbox] = useState(() => new Outbox({ store: localStore(user.id), send }));
  useEffect(() => outbox.start(), [outbox]);
  const client = useQueryClient();
  const { phase } = useSyncExternalStore(outbox.subscribe, () => outbox.snapshot);
  const isSignedOut = phase === "signedOut";
  useEffect(() => {
    // Ask who is there: the log-in page shows, and after it a new outbox takes up what is on disk.
    if (isSignedOut) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, [isSignedOut, client]);
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
