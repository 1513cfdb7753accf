import { useMemo } from "react";
import type { Personality } from "../../api/types";
import type { Change, Saved } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";

type Rating = Extract<Change, { type: "rating" }>;

function ratingsOf(character: number, changes: readonly (Change | Saved)[]): Rating[] {
  return changes.flatMap((one) => ("type" in one && one.type === "rating" && one.character === character ? [one] : []));
}

/** What the person said of a character, also what is still on its way, and how to say more. */
export function useRatings({ personality, since }: { personality: Personality; since: number }) {
  const outbox = useOutbox();
  const { entries, accepted } = useOutboxState();
  const { id, answers } = personality;
  const known = useMemo(
    () =>
      ratingsOf(
        id,
        accepted.slice(since).map(({ saved }) => saved),
      ),
    [accepted, since, id],
  );
  const unsent = useMemo(
    () =>
      ratingsOf(
        id,
        entries.map(({ change }) => change),
      ),
    [entries, id],
  );
  const ratings = useMemo(
    () => new Map([...answers, ...known, ...unsent].map(({ item, value }) => [item, value])),
    [answers, known, unsent],
  );
  return {
    ratings,
    /** The server has everything, and what it worked out from it was asked for before. */
    isOutdated: known.length > 0 && unsent.length === 0,
    rate: (item: string, value: number) =>
      outbox.add({ assignment: 0, item: `character:${id}` }, { type: "rating", character: id, item, value }),
  };
}
