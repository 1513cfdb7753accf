import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { Agreement, Overview, ProjectSettings, Release } from "../../api/types";
import { ada, episode, pageOf, project, release } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, refused, server, session } from "../../testing/server";

const overview: Overview = {
  project,
  episodes: [
    {
      id: 5,
      series: "Office",
      title: "Pilot episode",
      analysis: episode.analysis,
      moments: { done: 1, total: 1 },
      clips: 8,
      states: { done: 4, total: 24 },
    },
  ],
  annotators: [{ username: "anna", full_name: "", moments_done: 1, states_done: 4, last_finished_at: null }],
  clips: { total: 9, too_long: 1, complete: 2 },
};

const nothing = { krippendorff_alpha: null, fleiss_kappa: null, cohen_kappa: null };
const agreement: Agreement = {
  clips: 2,
  answers: 6,
  annotators: ["anna", "ben"],
  levels: [
    {
      level: "primary",
      items: 4,
      percent_agreement: 87.5,
      krippendorff_alpha: 0.81,
      fleiss_kappa: 0.8,
      cohen_kappa: 0.79,
      note: "",
    },
    { level: "reason_text", items: 4, percent_agreement: 100, ...nothing, note: "all answers are the same" },
  ],
  pairs: [{ level: "primary", first: "anna", second: "ben", items: 4, percent_agreement: 75, cohen_kappa: 0.6 }],
};

beforeEach(() =>
  server.use(
    on("get", "/api/session/", () => session(ada)),
    on("get", "/api/projects/{project_id}/overview/", () => overview),
    on("get", "/api/projects/{project_id}/agreement/", () => agreement),
    on("get", "/api/projects/{project_id}/releases/", () => pageOf()),
  ),
);

test("the overview shows progress by episode and by annotator, and clips that are too long", async () => {
  renderApp("/projects/3");
  expect(await screen.findByRole("link", { name: "Pilot episode" })).toHaveAttribute("href", "/episodes/5");
  expect(screen.getByText("4 of 24")).toBeInTheDocument();
  expect(screen.getByText("1 too long", { exact: false })).toBeInTheDocument();
  expect(screen.getByText("Last seen: never")).toBeInTheDocument();
});

test("agreement is a table of questions with measures in words too, and says what cannot be computed", async () => {
  const { user } = renderApp("/projects/3");
  await user.click(await screen.findByRole("tab", { name: "Agreement" }));
  const table = await screen.findByRole("table", { name: "Agreement" });
  const primary = within(table).getByText("Which of the 8 primary emotions?").closest("tr") as HTMLElement;
  expect(primary).toHaveTextContent("87.5 %reliable0.8100.8000.790");
  const text = within(table).getByText("Reason: text").closest("tr") as HTMLElement;
  expect(within(text).getAllByRole("img", { name: "cannot be computed" })).toHaveLength(3);
  expect(screen.getByRole("table", { name: "Pairs of annotators" })).toHaveTextContent("anna · ben");
});

test("a release is asked for, runs, and can be downloaded", async () => {
  const releases: Release[] = [];
  let asked = 0;
  server.use(
    on("get", "/api/projects/{project_id}/releases/", () => {
      asked += 1;
      return pageOf(...releases.map((one) => (asked > 2 ? release : one)));
    }),
    on("post", "/api/projects/{project_id}/releases/", ({ body }) => {
      expect(body).toEqual({ split: "paper", group_by: "clip", seed: 1 });
      const waiting = { ...release, status: "running", progress: 30, step: "features", download_url: null } as Release;
      releases.push(waiting);
      return HttpResponse.json(waiting, { status: 202 });
    }),
  );
  const { user } = renderApp("/projects/3?tab=releases");
  expect(await screen.findByText("No release yet.")).toBeInTheDocument();
  await user.click(screen.getByRole("radio", { name: /As published/ }));
  await user.click(screen.getByRole("button", { name: "Make release" }));
  expect(await screen.findByRole("progressbar", { name: "Release 2: 30 %" })).toBeInTheDocument();
  const download = await screen.findByRole("link", { name: "Download release 2" });
  expect(download).toHaveAttribute("href", "/api/releases/21/download/");
  expect(screen.getByText("120 samples")).toBeInTheDocument();
});

test("a release that failed shows why; a refused one too", async () => {
  server.use(
    on("get", "/api/projects/{project_id}/releases/", () =>
      pageOf({ ...release, status: "failed" as const, error: "No clip has two equal answers.", download_url: null }),
    ),
    on("post", "/api/projects/{project_id}/releases/", () => refused(422, "empty", "There are no samples yet.")),
  );
  const { user } = renderApp("/projects/3?tab=releases");
  expect(await screen.findByText("No clip has two equal answers.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Make release" }));
  await waitFor(() => expect(screen.getByText("There are no samples yet.")).toBeInTheDocument());
});

const settings: ProjectSettings = {
  context_ms: 0,
  shows_suggestions: false,
  prelabeller: "",
  prelabelling: null,
  prelabelling_error: "",
  moment_time: "raw",
  moment_time_is_fixed: false,
  unwatched: "warn",
  moment_tolerance_ms: 2000,
};

test("suggestions are turned on by the admin who was told that they bias", async () => {
  let now = settings;
  server.use(
    on("get", "/api/projects/{id}/settings/", () => ({ ...now })),
    on("patch", "/api/projects/{id}/settings/", ({ body }) => {
      now = { ...now, ...(body as Partial<ProjectSettings>) };
      return { ...now };
    }),
  );
  const { user } = renderApp("/projects/3?tab=settings");
  const shown = await screen.findByRole("switch", { name: /^Show machine suggestions/ });
  expect(shown).not.toBeChecked();
  expect(screen.getByText(/Suggestions bias the people who see them/)).toBeInTheDocument();
  expect(screen.getByText(/None: suggestions come from faces alone/)).toBeInTheDocument();
  await user.click(shown);
  await waitFor(() => expect(now.shows_suggestions).toBe(true));
  await waitFor(() => expect(shown).toBeEnabled());
  expect(shown).toBeChecked();
});

test("a change of the settings that is refused is taken back and says why", async () => {
  server.use(
    on("get", "/api/projects/{id}/settings/", () => ({ ...settings })),
    on("patch", "/api/projects/{id}/settings/", () => refused(422, "no", "Not now.")),
  );
  const { user } = renderApp("/projects/3?tab=settings");
  const shown = await screen.findByRole("switch", { name: /^Show machine suggestions/ });
  await user.click(shown);
  expect(await screen.findByText("Not now.")).toBeInTheDocument();
  expect(shown).not.toBeChecked();
});

test("the settings name the trained model and why it could not be used", async () => {
  const failed = {
    prelabeller: "season-1",
    prelabelling: "failed",
    prelabelling_error: "The features differ.",
  } as const;
  server.use(on("get", "/api/projects/{id}/settings/", () => ({ ...settings, ...failed })));
  renderApp("/projects/3?tab=settings");
  const model = await screen.findByRole("region", { name: "Trained model" });
  expect(model).toHaveTextContent("season-1Failed");
  expect(within(model).getByText("The features differ.")).toBeInTheDocument();
});
