import { fireEvent, screen, waitFor } from "@testing-library/react";
import { HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { Calibration, MyCalibration } from "../../api/types";
import { videoAt } from "../../testing/media";
import { renderApp } from "../../testing/renderApp";
import { on, refused, server } from "../../testing/server";

const clip: MyCalibration["clip"] = {
  video_url: "/assets/calibration.mp4",
  duration_ms: 53_000,
  practice: 2,
  onsets_ms: [1000, 2000, 5000, 9000],
  fewest_hits: 8,
  widest_spread_ms: 250,
};

const good: Calibration = {
  id: 4,
  created_at: "2026-01-01T00:00:00Z",
  delay_ms: 420,
  spread_ms: 60,
  deviation_ms: 70,
  hits: 11,
  discarded: 1,
  delays_ms: [400, 420, null, 440],
  usable: true,
  problems: [],
};

function serverWithRuns(...answers: (Calibration | Response)[]) {
  const sent: { client_id: string; presses_ms: number[] }[] = [];
  const runs: Calibration[] = [];
  server.use(
    on("get", "/api/calibration/", () => ({ clip, runs, current: runs.find((run) => run.usable) ?? null })),
    on("post", "/api/calibration/", ({ body }) => {
      sent.push(body as (typeof sent)[number]);
      const answer = answers.shift() as Calibration | Response;
      if (answer instanceof Response) return answer;
      runs.unshift(answer);
      return HttpResponse.json(answer, { status: 201 });
    }),
  );
  return sent;
}

async function runThrough() {
  const view = renderApp("/calibration");
  await screen.findByRole("button", { name: "Start" });
  await view.user.keyboard(" ");
  videoAt(5400);
  await view.user.keyboard(" ");
  videoAt(9450);
  await view.user.keyboard(" ");
  expect(screen.getByText("2 presses")).toBeInTheDocument();
  fireEvent.ended(document.querySelector("video") as HTMLVideoElement);
  return view;
}

test("Space starts, Space presses, the end sends the presses and shows what they say", async () => {
  const sent = serverWithRuns(good);
  await runThrough();
  const result = await screen.findByRole("region", { name: "Result" });
  expect(result).toHaveTextContent("420 ms");
  expect(result).toHaveTextContent("1 press discarded");
  expect(result).toHaveTextContent("This can be used.");
  expect(sent.map((one) => one.presses_ms)).toEqual([[5400, 9450]]);
  expect(await screen.findByText("counts")).toBeInTheDocument();
});

test("a bad run says why and can be repeated", async () => {
  const bad: Calibration = { ...good, id: 5, usable: false, hits: 2, problems: ["too_few_hits"] };
  const sent = serverWithRuns(bad, good);
  const { user } = await runThrough();
  expect(await screen.findByRole("alert")).toHaveTextContent("at least 8 are needed");
  await user.keyboard(" ");
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.ended(document.querySelector("video") as HTMLVideoElement);
  expect(await screen.findByText(/This can be used/)).toBeInTheDocument();
  expect(sent.at(-1)?.presses_ms).toEqual([]);
});

test("a run that could not be sent is kept, and sent again as the same run", async () => {
  const sent = serverWithRuns(refused(503, "server_error"), good);
  const { user } = await runThrough();
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/This can be used/)).toBeInTheDocument();
  expect(sent[1]).toEqual(sent[0]);
});

test("Escape stops without a result", async () => {
  const sent = serverWithRuns();
  const { user } = renderApp("/calibration");
  await screen.findByRole("button", { name: "Start" });
  await user.keyboard(" ");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.getByRole("button", { name: "Start" })).toBeInTheDocument());
  expect(document.querySelector("video")?.paused).toBe(true);
  expect(sent).toEqual([]);
});
