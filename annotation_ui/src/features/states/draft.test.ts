import fc from "fast-check";
import { expect, test } from "vitest";
import { state, statesTurn } from "../../testing/data";
import { type Answer, asSent, fromState, nextStep, type Place, UNANSWERED, withoutLastStep } from "./answer";
import { type Action, answerOf, type Draft, nextOpen, progressOf, reduce, startDraft } from "./draft";

const fresh = () => startDraft(statesTurn, []);
const after = (draft: Draft, ...actions: Action[]) => actions.reduce(reduce, draft);

test("the steps are asked in the protocol's order", () => {
  const steps: Action[] = [
    { type: "status", status: "one" },
    { type: "reason", reason: "text" },
    { type: "primary", primary: "fear" },
    { type: "fine", primary: "fear", fineGrained: "terror" },
  ];
  let draft = fresh();
  const asked = [nextStep(answerOf(draft))];
  for (const action of steps) {
    draft = reduce(draft, action);
    asked.push(nextStep(answerOf(draft)));
  }
  expect(asked).toEqual(["status", "reasons", "primary", "fine_grained", null]);
});

test.each(["absent", "no_emotion", "several"] as const)("%s needs nothing more, and sends no emotion", (status) => {
  const draft = after(
    fresh(),
    { type: "status", status: "one" },
    { type: "reason", reason: "text" },
    { type: "primary", primary: "joy" },
    { type: "status", status },
  );
  expect(asSent(answerOf(draft))).toMatchObject({ status, reasons: [], primary: "", fine_grained: "" });
});

test("an emotion is not taken before a reason, nor a reason before one emotion", () => {
  expect(answerOf(after(fresh(), { type: "primary", primary: "joy" })).primary).toBe("");
  expect(answerOf(after(fresh(), { type: "reason", reason: "text" })).reasons).toEqual([]);
  const draft = after(fresh(), { type: "status", status: "one" }, { type: "primary", primary: "joy" });
  expect(answerOf(draft).primary).toBe("");
});

test("another primary emotion asks for its strength again", () => {
  const chosen = after(
    fresh(),
    { type: "status", status: "one" },
    { type: "reason", reason: "text" },
    { type: "fine", primary: "joy", fineGrained: "ecstasy" },
  );
  expect(answerOf(reduce(chosen, { type: "primary", primary: "joy" })).fineGrained).toBe("ecstasy");
  expect(answerOf(reduce(chosen, { type: "primary", primary: "anger" })).fineGrained).toBe("");
});

test("a changed answer is open again, and taking the change back closes it", () => {
  const answer: Answer = { ...UNANSWERED, status: "absent" };
  const sent = after(fresh(), { type: "submitted", character: 1, answer });
  expect(sent.current).toBe(2);
  expect(progressOf(sent, 1)).toBe("submitted");
  const changed = after(sent, { type: "select", character: 1 }, { type: "status", status: "several" });
  expect(progressOf(changed, 1)).toBe("changed");
  expect(progressOf(reduce(changed, { type: "status", status: "absent" }), 1)).toBe("submitted");
});

test("the next open character comes after the current one, then from the top", () => {
  const answer: Answer = { ...UNANSWERED, status: "absent" };
  const draft = after(fresh(), { type: "submitted", character: 2, answer });
  expect(draft.current).toBe(3);
  expect(nextOpen(draft, 3)).toBe(1);
});

test("a draft begins with what the server has, what is on its way, and what this computer kept, in that order", () => {
  const turn = { ...statesTurn, states: [state(1), state(2)] };
  const answer = {
    character: 2,
    status: "absent",
    primary: "",
    fine_grained: "",
    duration_ms: 1,
    unsure: true,
    comment: "",
    context_watched_ms: 0,
  } as const;
  const unsent = [
    {
      id: "x",
      assignment: 50,
      item: "clip:9",
      madeAt: 1,
      change: { type: "state" as const, answer: { ...answer, reasons: [], evidence: [], suggestions_seen: [] } },
    },
  ];
  const kept = {
    current: 3,
    suggested: [3],
    contextWatchedMs: 900,
    answers: { 3: { ...UNANSWERED, status: "one" as const } },
  };
  const draft = startDraft(turn, unsent, kept);
  expect(draft.characters.map((one) => answerOf(draft, one).status)).toEqual(["no_emotion", "absent", "one"]);
  expect(draft.characters.map((one) => progressOf(draft, one))).toEqual(
    ["submitted", "submitted", "changed"].map((p, i) => (i === 2 ? "open" : p)),
  );
  expect(draft.current).toBe(3);
  expect(draft.suggested).toEqual([3]);
  expect(answerOf(draft, 2).unsure).toBe(true);
  expect(draft.contextWatchedMs).toBe(900);
});

const line = (index: number): Place => ({ kind: "line", start_ms: 1000 * index, end_ms: 1000 * index + 900, index });
const face: Place = { kind: "track", start_ms: 0, end_ms: 5000, index: 1 };
const span: Place = { kind: "span", start_ms: 2000, end_ms: 2500, index: null };

test("a place speaks for the reason of its kind, else for the one chosen last; pointing again takes it back", () => {
  const two = after(
    fresh(),
    { type: "status", status: "one" },
    { type: "reason", reason: "visual" },
    { type: "reason", reason: "text" },
  );
  const pointed = [line(1), face, span].reduce((draft, place) => reduce(draft, { type: "place", place }), two);
  expect(answerOf(pointed).evidence.map((one) => one.reason)).toEqual(["text", "visual", "text"]);
  const less = reduce(pointed, { type: "place", place: face });
  expect(answerOf(less).evidence.map((one) => one.kind)).toEqual(["line", "span"]);
  const without = reduce(pointed, { type: "reason", reason: "text" });
  expect(answerOf(without).evidence.map((one) => one.kind)).toEqual(["track"]);
});

test("nothing is pointed at without a reason, nor more than twenty places", () => {
  const one = reduce(fresh(), { type: "status", status: "one" });
  expect(answerOf(reduce(one, { type: "place", place: span })).evidence).toEqual([]);
  let draft = reduce(one, { type: "reason", reason: "text" });
  for (let index = 0; index < 25; index++) draft = reduce(draft, { type: "place", place: line(index) });
  expect(answerOf(draft).evidence).toHaveLength(20);
});

test("doubt and a comment go with any answer, and changing them opens a submitted one again", () => {
  const absent = reduce(fresh(), { type: "status", status: "absent" });
  const draft = after(absent, { type: "unsure" }, { type: "comment", comment: " Who is she? " });
  expect(asSent(answerOf(draft))).toMatchObject({ status: "absent", unsure: true, comment: "Who is she?" });
  const sent = after(
    draft,
    { type: "submitted", character: 1, answer: answerOf(draft) },
    { type: "select", character: 1 },
  );
  expect(progressOf(sent, 1)).toBe("submitted");
  expect(progressOf(reduce(sent, { type: "comment", comment: "Who is she?" }), 1)).toBe("submitted");
  expect(progressOf(reduce(sent, { type: "unsure" }), 1)).toBe("changed");
});

const actions = fc.array(
  fc.oneof(
    fc.constantFrom("absent", "no_emotion", "several", "one").map((status) => ({ type: "status", status }) as Action),
    fc.constantFrom("text", "audio", "visual", "context").map((reason) => ({ type: "reason", reason }) as Action),
    fc.constantFrom("joy", "fear").map((primary) => ({ type: "primary", primary }) as Action),
    fc.constant({ type: "fine", primary: "fear", fineGrained: "terror" } as Action),
    fc.constant({ type: "back" } as Action),
    fc.constant({ type: "unsure" } as Action),
    fc.constantFrom<Place>(line(1), face, span).map((place) => ({ type: "place", place }) as Action),
    fc.constant({ type: "suggest" } as Action),
    fc.constantFrom<1 | -1>(1, -1).map((steps) => ({ type: "go", steps }) as Action),
  ),
);

test("whatever is pressed, only a whole answer can be sent, and it obeys the protocol", () => {
  fc.assert(
    fc.property(actions, (pressed) => {
      const draft = after(fresh(), ...pressed);
      for (const character of draft.characters) {
        const body = asSent(answerOf(draft, character));
        if (!body) continue;
        const isOne = body.status === "one";
        expect(body.reasons.length > 0).toBe(isOne);
        expect(body.primary !== "").toBe(isOne);
        expect(body.fine_grained !== "").toBe(isOne);
        for (const { reason } of body.evidence) expect(body.reasons).toContain(reason);
        expect(asSent(fromState(body))).toEqual(body);
      }
    }),
  );
});

test("suggestions are on screen only of a character with a whole answer at that moment, and once they are they stay", () => {
  fc.assert(
    fc.property(actions, (pressed) => {
      let draft = fresh();
      for (const action of pressed) {
        const before = draft;
        draft = reduce(draft, action);
        expect(draft.suggested).toEqual(expect.arrayContaining([...before.suggested]));
        const added = draft.suggested.filter((one) => !before.suggested.includes(one));
        for (const character of added) expect(asSent(answerOf(before, character))).toBeDefined();
        if (action.type === "suggest") expect(draft.answers).toEqual(before.answers);
      }
    }),
  );
});

test("taking back step after step always ends with nothing answered", () => {
  fc.assert(
    fc.property(actions, (pressed) => {
      let answer = answerOf(after(fresh(), ...pressed));
      for (let step = 0; step < 5; step++) answer = withoutLastStep(answer);
      expect(answer.status).toBeNull();
    }),
  );
});
