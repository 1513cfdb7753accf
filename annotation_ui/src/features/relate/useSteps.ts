import { useState } from "react";
import type { DiscardReason, Relating, Relationship } from "../../api/types";
import { FIVE } from "../../components/relationships";
import { stepBefore, type WorkStep } from "./steps";
import type { LinesDesk } from "./useLines";
import type { RelatingDesk } from "./useRelating";

/** Why Enter did nothing. */
export type Hint = "pairFirst" | "relationshipFirst";

/** Going on and back, and what is chosen on the way. */
export function useSteps(desk: RelatingDesk, lines: LinesDesk, turn: Relating) {
  const [hint, setHint] = useState<Hint>();
  const { reads, take, write } = desk;

  function choosePerson(place: number): void {
    const person = turn.people.filter((one) => one.is_candidate)[place];
    if (!person) return;
    const { pair } = reads.draft();
    const others = pair.filter((one) => one !== person.identity);
    // A third choice takes the place of the last one: who changes the mind needs one key.
    write({ pair: others.length < pair.length ? others : [...pair.slice(0, 1), person.identity] });
    setHint(undefined);
  }

  function chooseRelationship(relationship: Relationship): void {
    write({ relationship });
    setHint(undefined);
  }

  function goBack(to: WorkStep | undefined): void {
    setHint(undefined);
    lines.settle();
    if (to) take({ kind: "back", back_to: to });
  }

  function sayRelationship(): void {
    const { relationship, unsure, comment } = reads.draft();
    take({ kind: "relationship", relationship, unsure, comment });
  }

  function goOn(): void {
    const { now } = reads.desk();
    const { pair, relationship } = reads.draft();
    setHint(undefined);
    if (now.step === "lines") {
      lines.settle();
      take({ kind: "lines_done" });
    } else if (now.step === "pair") {
      if (pair.length < 2) setHint("pairFirst");
      else take({ kind: "pair", pair: [...pair] });
    } else if (now.step === "relationship" && !relationship) {
      setHint("relationshipFirst");
    } else {
      if (now.step === "done") take({ kind: "back", back_to: "relationship" });
      if (now.step !== "discarded") sayRelationship();
      desk.end();
    }
  }

  return {
    hint,
    choosePerson,
    chooseRelationship,
    goOn,
    goBack: () => goBack(stepBefore(reads.desk().now.step)),
    goBackTo: goBack,
    digit: (place: number) => {
      if (reads.desk().now.step === "pair") choosePerson(place);
      else if (FIVE[place]) chooseRelationship(FIVE[place]);
    },
    discard: (reason: DiscardReason, words: string) => {
      lines.settle();
      take({ kind: "discard", reason, words });
      desk.end();
    },
    undiscard: () => take({ kind: "undiscard" }),
  };
}
