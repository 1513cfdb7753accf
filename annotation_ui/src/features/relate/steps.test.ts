import { expect, test } from "vitest";
import type { Standing, StepRequest } from "../../api/types";
import { shownStep, startOf, stepBefore } from "./steps";

const START: Standing = { step: "lines", pair: null, relationship: "", outcome: null, resumes: "lines" };
const CHECKED: StepRequest = { kind: "lines_done" };
const OURS: StepRequest = { kind: "pair", pair: [1, 2] };
const MILD: StepRequest = { kind: "relationship", relationship: "mild" };
const DISCARD: StepRequest = { kind: "discard", reason: "cut_off" };

test.each<[StepRequest[], string]>([
  [[], "lines"],
  [[CHECKED], "pair"],
  [[CHECKED, OURS], "relationship"],
  [[CHECKED, OURS, MILD], "done"],
  [[CHECKED, OURS, { kind: "back", back_to: "lines" }], "lines"],
  [[CHECKED, DISCARD], "discarded"],
  [[CHECKED, DISCARD, DISCARD, { kind: "undiscard" }], "pair"],
])("what was not sent yet moves the turn on as the server will: %j", (steps, expected) =>
  expect(startOf(START, steps).step).toBe(expected),
);

test("going back keeps what was said", () =>
  expect(startOf(START, [CHECKED, OURS, MILD, { kind: "back", back_to: "pair" }])).toMatchObject({
    step: "pair",
    pair: [1, 2],
    relationship: "mild",
  }));

test("a discard that the server knows is taken back to where the server says", () =>
  expect(startOf({ ...START, step: "discarded", resumes: "relationship" }, [{ kind: "undiscard" }]).step).toBe(
    "relationship",
  ));

test("before the last step comes the pair, before the first nothing", () => {
  expect(shownStep("done")).toBe("relationship");
  expect(stepBefore("done")).toBe("pair");
  expect(stepBefore("lines")).toBeUndefined();
  expect(stepBefore("discarded")).toBeUndefined();
});
