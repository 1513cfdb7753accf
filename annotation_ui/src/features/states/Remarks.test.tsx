import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { AssignmentDetail, OwnTurn, StateRequest } from "../../api/types";
import { pageOf, state, statesTurn } from "../../testing/data";
import { videoAt } from "../../testing/media";
import { renderApp } from "../../testing/renderApp";
import { on, server } from "../../testing/server";

function serverWith(turn: AssignmentDetail) {
  const answers: StateRequest[] = [];
  server.use(
    on("post", "/api/projects/{id}/next/", () => turn),
    on("post", "/api/assignments/{id}/states/", ({ body }) => {
      answers.push(body as StateRequest);
      return HttpResponse.json(state((body as StateRequest).character, body as StateRequest), { status: 201 });
    }),
  );
  return answers;
}

async function opened(address = "/projects/3/states", question = "What does Ross feel?") {
  const view = renderApp(address);
  await screen.findByRole("heading", { name: question });
  return view;
}

test("an answer points at the line, the face and a span, by keys alone, and sends it", async () => {
  const answers = serverWith({
    ...statesTurn,
    subtitles: [{ index: 4, start_ms: 11_000, end_ms: 13_000, speaker: "Ross", text: "Hi." }],
  });
  const { user } = await opened();
  await user.keyboard("e");
  expect(screen.getByText("Reasons and emotions belong to “One emotion”.")).toBeInTheDocument();
  videoAt(12_000);
  await user.keyboard("otv");
  await user.keyboard("e");
  await user.keyboard("fd");
  expect(screen.getByText("The span begins here. Press D again where it ends.")).toBeInTheDocument();
  videoAt(12_500);
  await user.keyboard("d31");
  expect(screen.getAllByText("points at 2 places")).not.toHaveLength(0);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(answers).toHaveLength(1));
  expect(answers[0]?.evidence).toEqual([
    { kind: "line", start_ms: 11_000, end_ms: 13_000, index: 4, reason: "text" },
    { kind: "track", start_ms: 10_000, end_ms: 14_000, index: 6, reason: "visual" },
    { kind: "span", start_ms: 12_000, end_ms: 12_500, index: null, reason: "visual" },
  ]);
});

test("what is pointed at is taken back on the timeline, and where nothing is there it is said", async () => {
  const answers = serverWith({ ...statesTurn, subtitles: [] });
  const { user } = await opened();
  await user.keyboard("ov");
  videoAt(16_000);
  await user.keyboard("e");
  expect(screen.getByText("Nothing was said up to here.")).toBeInTheDocument();
  await user.keyboard("f");
  expect(screen.getByText("The face of Ross is not seen here.")).toBeInTheDocument();
  videoAt(12_000);
  await user.keyboard("f");
  await user.click(screen.getByRole("button", { name: "Do not point at it: Picture, face" }));
  await user.keyboard("31{Enter}");
  await waitFor(() => expect(answers[0]?.evidence).toEqual([]));
});

test("doubt and a comment survive a reload, and keys rest while the comment is written", async () => {
  const answers = serverWith(statesTurn);
  const first = await opened();
  await first.user.keyboard("nqw");
  const field = await screen.findByRole("textbox", { name: "Comment on Ross in this clip" });
  expect(field).toHaveFocus();
  await first.user.keyboard("absent or not?{Enter}");
  expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "No emotion" })).toHaveAttribute("aria-pressed", "true");
  first.unmount();
  const { user } = await opened();
  expect(screen.getByRole("button", { name: "I am unsure" })).toHaveAttribute("aria-pressed", "true");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(answers).toHaveLength(1));
  expect(answers[0]).toMatchObject({ status: "no_emotion", unsure: true, comment: "absent or not?" });
});

test("people are chosen by Shift and their digit", async () => {
  serverWith(statesTurn);
  const { user } = await opened();
  await user.keyboard("{Shift>}[Digit3]{/Shift}");
  expect(screen.getByRole("heading", { name: "What does Joey feel?" })).toBeInTheDocument();
  await user.keyboard("{Shift>}[Digit8]{/Shift}");
  expect(screen.getByRole("heading", { name: "What does Joey feel?" })).toBeInTheDocument();
});

test("the context is watched on a key, said on the picture, counted and sent; without it there is no key", async () => {
  const clip = statesTurn.clip && { ...statesTurn.clip, context_start_ms: 4000 };
  const answers = serverWith({ ...statesTurn, clip });
  const { user } = await opened();
  await user.keyboard("p");
  expect(document.querySelector("video")?.currentTime).toBe(4);
  expect(await screen.findByText("6 seconds before the clip")).toBeInTheDocument();
  for (const ms of [5000, 6000, 9000, 10_500]) videoAt(ms); // the third is a jump
  await waitFor(() => expect(screen.queryByText(/before the clip$/)).not.toBeInTheDocument());
  await user.keyboard("n{Enter}");
  await waitFor(() => expect(answers).toHaveLength(1));
  expect(answers[0]?.context_watched_ms).toBe(3000);
});

const earlier: OwnTurn = {
  id: 44,
  finished_at: new Date().toISOString(),
  may_correct: true,
  title: "Pilot episode",
  start_ms: 30_000,
  end_ms: 41_000,
  said: [{ character: "Ross", status: "one", fine_grained: "grief", unsure: true }],
};

test("an earlier clip of today is opened, corrected, and the current one is back", async () => {
  const answers = serverWith(statesTurn);
  const clip = statesTurn.clip && { ...statesTurn.clip, start_ms: 30_000, end_ms: 41_000, context_start_ms: 30_000 };
  const states = [1, 2, 3].map((one) => state(one));
  server.use(
    on("get", "/api/projects/{project_id}/turns/", () => pageOf(earlier)),
    on("get", "/api/assignments/{id}/", () => ({ ...statesTurn, id: 44, status: "done" as const, clip, states })),
    on("post", "/api/assignments/{id}/renew/", ({ params }) => {
      expect(params.id).not.toBe("44");
      return { leased_until: "2030-01-01T00:00:00Z" };
    }),
    on("post", "/api/assignments/{id}/finish/", ({ params }) => ({ ...statesTurn, id: Number(params.id), states })),
  );
  const { user, router } = await opened();
  expect(await screen.findByText("1 today · 2 left")).toBeInTheDocument();
  await user.keyboard("b");
  const dialog = await screen.findByRole("dialog", { name: "Clips of today" });
  await user.click(await within(dialog).findByRole("button", { name: /Ross: grief \(\?\)/ }));
  expect(await screen.findByText("Correcting an earlier clip")).toBeInTheDocument();
  expect(router.state.location.search).toBe("?turn=44");
  await user.keyboard("a{Enter}");
  await waitFor(() => expect(answers).toHaveLength(1));
  expect(answers[0]).toMatchObject({ character: 1, status: "absent" });
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.search).toBe(""));
  expect(await screen.findByText("1 today · 2 left")).toBeInTheDocument();
});
