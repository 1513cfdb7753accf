import { screen, waitFor } from "@testing-library/react";
import { delay } from "msw";
import { expect, test } from "vitest";
import type { CrossCheck, CrossCheckSettings, Overview } from "../../api/types";
import { ada, pageOf, project } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, server, session } from "../../testing/server";

const nothing = { compared: 0, same: 0, percent: null };
const page = {
  settings: { is_on: true, percent: 10, others: 2, seed: 1 },
  drawn: [],
  weeks: [],
  total: { monday: null, clips: 0, three: nothing, five: nothing, annotators: [], categories: [] },
  differing: 0,
  published_early: { three: 88.3, five: 82.6 },
  published_late: { three: 94.8, five: 90.1 },
} satisfies CrossCheck;

const overview: Overview = {
  project: { ...project, protocol: "erato" },
  annotators: [],
  clips: { total: 0, too_long: 0, complete: 0, dropped: 0 },
};

test("weeks are drawn with the settings written just before, however slowly these are kept", async () => {
  let settings: CrossCheckSettings = page.settings;
  let drawnWith: CrossCheckSettings | undefined;
  server.use(
    on("get", "/api/session/", () => session(ada)),
    on("get", "/api/projects/{project_id}/overview/", () => overview),
    on("get", "/api/projects/{project_id}/discussions/", () => pageOf()),
    on("get", "/api/projects/{project_id}/cross-check/", () => ({ ...page, settings })),
    on("patch", "/api/projects/{project_id}/cross-check/", async ({ body }) => {
      await delay(80);
      settings = { ...settings, ...(body as Partial<CrossCheckSettings>) };
      return { ...page, settings };
    }),
    on("post", "/api/projects/{project_id}/cross-check/draw/", () => {
      drawnWith = settings;
      return { ...page, settings };
    }),
  );
  const { user } = renderApp("/projects/3?tab=crossCheck");
  const share = await screen.findByRole("textbox", { name: "Share of each annotator's clips" });
  const others = screen.getByRole("textbox", { name: "Others who answer" });
  await user.clear(share);
  await user.type(share, "100{Enter}");
  await user.clear(others);
  await user.type(others, "1");
  await user.click(screen.getByRole("button", { name: "Draw ended weeks now" }));
  await waitFor(() => expect(drawnWith).toMatchObject({ percent: 100, others: 1 }));
});
