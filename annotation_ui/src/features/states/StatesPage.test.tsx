import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { AssignmentDetail, StateRequest, Suggestion } from "../../api/types";
import { state, statesTurn } from "../../testing/data";
import { videoAt } from "../../testing/media";
import { renderApp } from "../../testing/renderApp";
import { on, refused, server } from "../../testing/server";

function serverWithClips(...clips: AssignmentDetail[]) {
  const answers: StateRequest[] = [];
  const finished: string[] = [];
  server.use(
    on("post", "/api/projects/{id}/next/", () => clips[finished.length] ?? new HttpResponse(null, { status: 204 })),
    on("post", "/api/assignments/{id}/states/", ({ body }) => {
      const answer = body as StateRequest;
      answers.push(answer);
      return HttpResponse.json(state(answer.character, answer), { status: 201 });
    }),
    on("post", "/api/assignments/{id}/finish/", ({ params }) => {
      finished.push(params.id ?? "");
      return { ...statesTurn, status: "done" };
    }),
  );
  return { answers, finished };
}

async function opened(question = "What does Ross feel?") {
  const view = renderApp("/projects/3/states");
  await screen.findByRole("heading", { name: question });
  return view;
}

test("a clip with three characters takes fewer than twenty keys, and the next clip follows", async () => {
  const { answers, finished } = serverWithClips(statesTurn, { ...statesTurn, id: 51 });
  const { user } = await opened();
  const keys = ["o", "t", "3", "1", "{Enter}", "o", "v", "1", "3", "{Enter}", "o", "u", "7", "2", "{Enter}"];
  for (const key of keys) await user.keyboard(key);
  expect(keys.length).toBeLessThan(20);
  await waitFor(() => expect(finished).toEqual(["50"]));
  expect(
    answers.map(({ character, status, reasons, primary, fine_grained }) => [
      character,
      status,
      reasons,
      primary,
      fine_grained,
    ]),
  ).toEqual([
    [1, "one", ["text"], "fear", "apprehension"],
    [2, "one", ["visual"], "joy", "ecstasy"],
    [3, "one", ["audio"], "anger", "anger"],
  ]);
  expect(new Set(answers.map((one) => one.client_id)).size).toBe(3);
  await screen.findByRole("heading", { name: "What does Ross feel?" });
});

test("what is missing is said in words, and nothing incomplete is sent", async () => {
  const { answers } = serverWithClips(statesTurn);
  const { user } = await opened();
  const submit = () => screen.getByRole("button", { name: /^Submit/ });
  expect(screen.getByText(/Say whether Ross is there/)).toBeInTheDocument();
  expect(submit()).toBeDisabled();
  await user.keyboard("o1");
  expect(screen.getByText("First choose at least one reason.")).toBeInTheDocument();
  await user.keyboard("t");
  expect(screen.getByText(/Choose the emotion on the wheel/)).toBeInTheDocument();
  await user.keyboard("2{Enter}");
  expect(screen.getByText(/Choose how strong it is/)).toBeInTheDocument();
  expect(answers).toEqual([]);
  await user.keyboard("1");
  expect(submit()).toBeEnabled();
});

test("the wheel is answered with the mouse: the outer band is the emotion and its strength at once", async () => {
  const { answers } = serverWithClips(statesTurn);
  const { user } = await opened();
  await user.click(screen.getByRole("button", { name: "One emotion" }));
  await user.click(screen.getByRole("button", { name: "Voice" }));
  await user.click(screen.getByRole("button", { name: "sadness: grief" }));
  expect(screen.getByRole("button", { name: "grief" })).toHaveAttribute("aria-pressed", "true");
  await user.click(screen.getByRole("button", { name: /^Submit/ }));
  await waitFor(() =>
    expect(answers[0]).toMatchObject({ primary: "sadness", fine_grained: "grief", reasons: ["audio"] }),
  );
});

test("Backspace takes back the last step", async () => {
  serverWithClips(statesTurn);
  const { user } = await opened();
  await user.keyboard("ot12");
  expect(screen.getByText("Complete. Enter submits it.")).toBeInTheDocument();
  await user.keyboard("{Backspace}{Backspace}5");
  expect(screen.getByRole("button", { name: "pensiveness" })).toBeEnabled();
});

test("going back and changing an answer sends a new revision under a new id", async () => {
  const { answers } = serverWithClips({ ...statesTurn, states: [state(1, { status: "absent" })] });
  const { user } = await opened("What does Rachel feel?");
  await user.click(screen.getByRole("button", { name: "Ross: Answered" }));
  expect(screen.getByRole("button", { name: "Absent" })).toHaveAttribute("aria-pressed", "true");
  await user.keyboard("m");
  expect(screen.getByRole("button", { name: "Ross: Changed, not yet submitted" })).toBeInTheDocument();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(answers).toHaveLength(1));
  expect(answers[0]).toMatchObject({ character: 1, status: "several" });
});

test("half an answer survives a reload", async () => {
  serverWithClips(statesTurn);
  const first = await opened();
  await first.user.keyboard("otv");
  first.unmount();
  await opened();
  expect(screen.getByRole("button", { name: "Text" })).toHaveAttribute("aria-pressed", "true");
  expect(screen.getByRole("button", { name: "Picture" })).toHaveAttribute("aria-pressed", "true");
});

test("the clip loops at once, and R plays it from its start", async () => {
  serverWithClips(statesTurn);
  const { user } = await opened();
  const video = videoAt(12_000);
  expect(video.paused).toBe(false);
  videoAt(20_010);
  expect(video.currentTime).toBe(10);
  videoAt(16_000);
  await user.keyboard("r");
  expect(video.currentTime).toBe(10);
});

test("an answer that the protocol refuses is shown with the server's reason, and the clip is not finished", async () => {
  const { finished } = serverWithClips({ ...statesTurn, characters: statesTurn.characters.slice(0, 1) });
  server.use(on("post", "/api/assignments/{id}/states/", () => refused(422, "rule_broken", "A reason is missing.")));
  const { user } = await opened();
  await user.keyboard("a{Enter}");
  await user.click(await screen.findByText("1 change was not accepted"));
  expect(await screen.findByText("A reason is missing.")).toBeInTheDocument();
  expect(finished).toEqual([]);
});

test("a finish that the server refuses says why and lets the annotator go on", async () => {
  serverWithClips({ ...statesTurn, characters: statesTurn.characters.slice(0, 1) });
  server.use(
    on("post", "/api/assignments/{id}/finish/", () =>
      refused(422, "unfinished", "The clip is not finished.", { characters: ["Joey has no answer yet"] }),
    ),
  );
  const { user } = await opened();
  await user.keyboard("a{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("Joey has no answer yet");
  expect(within(document.body).getByRole("button", { name: "Finish the clip" })).toBeEnabled();
});

const suggestions: Suggestion[] = [
  { character: 1, emotion: "joy", probability: 0.618, origin: "expression" },
  { character: 1, emotion: "neutral", probability: 0.21, origin: "expression" },
  { character: 2, emotion: "fear", probability: 0.9, origin: "baseline:season-1" },
];
const showSuggestion = () => screen.queryByRole("button", { name: "Show suggestion" });

test("a suggestion comes on a key only after a whole answer, chooses nothing, and is sent with the answer", async () => {
  const { answers } = serverWithClips({ ...statesTurn, suggestions });
  const { user } = await opened();
  await user.keyboard("hot3h");
  expect(showSuggestion()).toBeDisabled();
  expect(screen.queryByText(/Suggestion, from the face/)).not.toBeInTheDocument();
  await user.keyboard("1h");
  expect(screen.getByText("Suggestion, from the face: joy 62 % · No emotion 21 %")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "apprehension" })).toHaveAttribute("aria-pressed", "true");
  await user.keyboard("{Enter}");
  await user.keyboard("n");
  await user.click(showSuggestion() as HTMLElement);
  expect(screen.getByText("Suggestion by season-1: fear 90 %")).toBeInTheDocument();
  await user.keyboard("{Enter}n{Enter}");
  await waitFor(() => expect(answers).toHaveLength(3));
  expect(answers.map((one) => one.suggestions_seen)).toEqual([suggestions.slice(0, 2), suggestions.slice(2), []]);
});

test("an answer without a look at the suggestion says so", async () => {
  const { answers } = serverWithClips({ ...statesTurn, suggestions });
  const { user } = await opened();
  await user.keyboard("n{Enter}");
  await waitFor(() => expect(answers).toHaveLength(1));
  expect(answers[0]?.suggestions_seen).toEqual([]);
});

test("what was seen stays seen after a reload", async () => {
  const { answers } = serverWithClips({ ...statesTurn, suggestions });
  const first = await opened();
  await first.user.keyboard("nh");
  first.unmount();
  const { user } = await opened();
  expect(screen.getByText(/Suggestion, from the face/)).toBeInTheDocument();
  await user.keyboard("m{Enter}");
  await waitFor(() => expect(answers[0]?.suggestions_seen).toHaveLength(2));
});

test("a project that shows no suggestions has neither their line nor their key", async () => {
  serverWithClips(statesTurn);
  const { user } = await opened();
  await user.keyboard("n");
  expect(showSuggestion()).not.toBeInTheDocument();
  await user.keyboard("?");
  expect(await screen.findByText("Take back the last step")).toBeInTheDocument();
  expect(screen.queryByText(/what a machine suggests/)).not.toBeInTheDocument();
});
