import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { Job } from "../../api/types";
import { ada, anna, episode, pageOf } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, refused, server, session } from "../../testing/server";

function onlyJob(): Job {
  const [job] = episode.jobs;
  if (job === undefined) throw new Error("the episode of the tests has a job");
  return job;
}

beforeEach(() => server.use(on("get", "/api/session/", () => session(ada))));

test("episodes show how far their analysis is, and look again by themselves until it is done", async () => {
  let asked = 0;
  server.use(
    on("get", "/api/episodes/", () => {
      asked += 1;
      const analysis =
        asked > 1 ? { status: "done" as const, progress: 100, step: "", estimate_s: null } : episode.analysis;
      return pageOf({ ...episode, analysis });
    }),
  );
  renderApp("/episodes");
  const bar = await screen.findByRole("progressbar", { name: "Analysis 40 %" });
  expect(bar).toBeInTheDocument();
  expect(screen.getByText("Faces: tracking")).toBeInTheDocument();
  expect(screen.getByText(/about 2 min left/)).toBeInTheDocument();
  expect(await screen.findByRole("progressbar", { name: "Analysis 100 %" })).toBeInTheDocument();
  expect(screen.getByText("Done")).toBeInTheDocument();
});

test("an annotator is not shown the admin's pages", async () => {
  server.use(on("get", "/api/session/", () => session(anna)));
  renderApp("/episodes");
  expect(await screen.findByText("There is nothing at this address.")).toBeInTheDocument();
});

test("before there is a video, the shots that were found so far are told", async () => {
  const shots = [0, 1].map((index) => ({ index, start_ms: index * 4000, end_ms: (index + 1) * 4000 }));
  server.use(on("get", "/api/episodes/{id}/", () => ({ ...episode, media: null, shots })));
  renderApp("/episodes/5");
  expect(await screen.findByText("2 shots were found so far, up to 00:08.")).toBeInTheDocument();
  expect(screen.getByText("The video appears here as soon as it is prepared.")).toBeInTheDocument();
});

test("a failed step shows its reason, and the analysis is started again", async () => {
  let again = 0;
  server.use(
    on("get", "/api/episodes/{id}/", () => episode),
    on("post", "/api/episodes/{id}/analyse/", () => {
      again += 1;
      return episode;
    }),
  );
  const { user } = renderApp("/episodes/5");
  await user.click(await screen.findByRole("tab", { name: "Analyses" }));
  expect(screen.getByText("The video ends early.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Analyse again" }));
  await waitFor(() => expect(again).toBe(1));
  expect(await screen.findByText("The analysis starts again.")).toBeInTheDocument();
});

const waiting: Job = { ...onlyJob(), id: 2, analyser: "faces", status: "waiting", progress: 0, error: "" };
const running: Job = { ...waiting, id: 3, status: "running", progress: 30, step: "tracking", estimate_s: 12 };

test("a running step says how far it is and how long it takes, one that is put off when it is tried again", async () => {
  const error = { error: "The disk of /data is full: 0 MB of 5,000 MB are free.", error_code: "disk_full" };
  const later = { ...waiting, ...error, not_before: "2026-01-01T10:00:30Z" };
  server.use(on("get", "/api/episodes/{id}/", () => ({ ...episode, jobs: [running, later] })));
  const { user } = renderApp("/episodes/5");
  await user.click(await screen.findByRole("tab", { name: "Analyses" }));
  expect(screen.getByText("30 % · tracking")).toBeInTheDocument();
  expect(screen.getByText("about 15 s left")).toBeInTheDocument();
  expect(screen.getByText(/^tried again at .*30/)).toBeInTheDocument();
  expect(screen.getByText("The disk is full")).toBeInTheDocument();
  expect(screen.getByText(error.error)).toHaveAttribute("lang", "en");
});

test("an analysis is cancelled by keyboard, after a question where a step has begun", async () => {
  let cancelled = 0;
  const stopped = { ...episode, jobs: [{ ...running, status: "cancelled" as const }] };
  server.use(
    on("get", "/api/episodes/{id}/", () => ({ ...episode, jobs: [running] })),
    on("post", "/api/episodes/{id}/cancel/", () => {
      cancelled += 1;
      return stopped;
    }),
  );
  const { user } = renderApp("/episodes/5");
  await user.click(await screen.findByRole("tab", { name: "Analyses" }));
  act(() => screen.getByRole("button", { name: "Cancel" }).focus());
  await user.keyboard("{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Cancel the analysis?" });
  await user.click(within(dialog).getByRole("button", { name: "Go on" }));
  expect(cancelled).toBe(0);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  const again = await screen.findByRole("dialog", { name: "Cancel the analysis?" });
  await waitFor(() => expect(within(again).getByRole("button", { name: "Cancel the analysis" })).toHaveFocus());
  await user.keyboard("{Enter}");
  await waitFor(() => expect(cancelled).toBe(1));
  expect(await screen.findByText("Cancelled")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Cancel" })).not.toBeInTheDocument();
});

test("what merely waits is cancelled without a question", async () => {
  let cancelled = 0;
  server.use(
    on("get", "/api/episodes/{id}/", () => ({ ...episode, jobs: [waiting] })),
    on("post", "/api/episodes/{id}/cancel/", () => {
      cancelled += 1;
      return { ...episode, jobs: [{ ...waiting, status: "cancelled" as const }] };
    }),
  );
  const { user } = renderApp("/episodes/5");
  await user.click(await screen.findByRole("tab", { name: "Analyses" }));
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(cancelled).toBe(1));
});

test("confirmed faces that the newest analysis lost are named", async () => {
  const lost = [{ identity: 9, character: "Rachel", screen_time_ms: 34_000, face_url: null }];
  server.use(on("get", "/api/episodes/{id}/", () => ({ ...episode, lost_links: lost })));
  renderApp("/episodes/5");
  expect(await screen.findByText("Confirmed faces that were not found again")).toBeInTheDocument();
  expect(screen.getByText(/^Rachel · 0*0:34.* on screen$/)).toBeInTheDocument();
});

test("dialogue says where its times come from and where the speaker is not certain", async () => {
  server.use(on("get", "/api/episodes/{id}/", () => episode));
  renderApp("/episodes/5");
  const row = (await screen.findByText("Hi.")).closest("tr") as HTMLElement;
  expect(within(row).getByText("from subtitle")).toBeInTheDocument();
  expect(within(row).getByRole("img", { name: "speaker not certain" })).toBeInTheDocument();
});

test("an episode that is not there is said", async () => {
  server.use(on("get", "/api/episodes/{id}/", () => refused(404, "not_found")));
  renderApp("/episodes/99");
  expect(await screen.findByRole("alert")).toHaveTextContent("This does not exist");
});
