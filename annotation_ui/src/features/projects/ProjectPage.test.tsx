import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type {
  Agreement,
  Calibration,
  MomentCounts,
  MomentsReport,
  Overview,
  ProjectSettings,
  Release,
} from "../../api/types";
import { ada, episode, pageOf, project, release } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, refused, server, session } from "../../testing/server";

const overview: Overview = {
  project,
  annotators: [
    {
      username: "anna",
      full_name: "",
      moments_done: 1,
      states_done: 4,
      locate_done: 0,
      relate_done: 0,
      last_finished_at: null,
    },
  ],
  clips: { total: 9, too_long: 1, complete: 2, dropped: 0 },
};

const ofEpisode = {
  id: 5,
  series: "Office",
  title: "Pilot episode",
  analysis: episode.analysis,
  moments: { done: 1, total: 1 },
  clips: 8,
  states: { done: 4, total: 24 },
  locate: { done: 0, total: 0 },
  relate: { done: 0, total: 0 },
  dropped: 0,
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

const counts: MomentCounts = {
  turns: 2,
  moments: 10,
  removed: 1,
  corrected: 0,
  waiting: 0,
  clips: 7,
  duplicates: 3,
  too_long: 1,
  watched_share: 0.95,
  per_minute: 1.25,
};
const calibration: Calibration = {
  id: 1,
  created_at: "2026-03-01T12:00:00Z",
  delay_ms: 420,
  spread_ms: 60,
  deviation_ms: 70,
  hits: 12,
  discarded: 0,
  delays_ms: [],
  usable: true,
  problems: [],
};
const momentsReport: MomentsReport = {
  moment_time: "raw",
  total: counts,
  episodes: [{ id: 5, name: "Office · Pilot episode", counts }],
  annotators: [
    { username: "anna", counts, calibration },
    { username: "ben", counts: { ...counts, watched_share: null }, calibration: null },
  ],
  agreement: {
    tolerance_ms: 2000,
    episodes: 1,
    pairs: [
      {
        first: "anna",
        second: "ben",
        episodes: 1,
        first_moments: 4,
        second_moments: 6,
        matched: 3,
        precision: 0.5,
        recall: 0.75,
        f1: 0.6,
        offset_ms: -120,
      },
    ],
    precision: 0.5,
    recall: 0.75,
    f1: 0.6,
    krippendorff_alpha: 0.41,
    note: "",
  },
};

beforeEach(() =>
  server.use(
    on("get", "/api/projects/{project_id}/moments/", () => momentsReport),
    on("get", "/api/session/", () => session(ada)),
    on("get", "/api/projects/{project_id}/overview/", () => overview),
    on("get", "/api/projects/{project_id}/episodes/", () => pageOf(ofEpisode)),
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

test("moments are counted from the press to the clip that is labelled, with each annotator's reaction time", async () => {
  const { user } = renderApp("/projects/3");
  await user.click(await screen.findByRole("tab", { name: "Moments" }));
  const sum = await screen.findByRole("region", { name: "From moments to clips" });
  expect(sum).toHaveTextContent("Moments10−Waiting0−Duplicates3=Clips7−Too long1=To be labelled6");
  const people = screen.getByRole("table", { name: "Moments by annotator" });
  expect(within(people).getByText("anna").closest("tr")).toHaveTextContent("1.2595 %420 ms60 msMar 1, 2026");
  expect(within(people).getByText("ben").closest("tr")).toHaveTextContent("not measured");
});

test("agreement on moments stands beside that on states", async () => {
  renderApp("/projects/3?tab=agreement");
  const table = await screen.findByRole("table", { name: "Agreement on moments" });
  expect(within(table).getByText("anna · ben").closest("tr")).toHaveTextContent("14 · 630.5000.7500.600120 ms earlier");
  expect(screen.getByText(/α over time: 0.410/)).toBeInTheDocument();
});

test("moments are decided on in the settings, and what is fixed cannot be changed", async () => {
  let now: ProjectSettings = settings;
  const asked: unknown[] = [];
  server.use(
    on("get", "/api/projects/{id}/settings/", () => now),
    on("patch", "/api/projects/{id}/settings/", ({ body }) => {
      asked.push(body);
      now = { ...now, ...(body as Partial<ProjectSettings>) };
      return now;
    }),
  );
  const { user, unmount } = renderApp("/projects/3?tab=settings");
  await user.click(await screen.findByRole("switch", { name: /watched to its end/ }));
  await waitFor(() => expect(asked).toEqual([{ unwatched: "refuse" }]));
  await user.click(screen.getByRole("radio", { name: "the press without the reaction time" }));
  await waitFor(() => expect(asked.at(-1)).toEqual({ moment_time: "corrected" }));
  const tolerance = screen.getByRole("textbox", { name: "Moments are the same within" });
  await user.clear(tolerance);
  await user.type(tolerance, "1.5{Enter}");
  await waitFor(() => expect(asked.at(-1)).toEqual({ moment_tolerance_ms: 1500 }));
  unmount();
  now = { ...now, moment_time_is_fixed: true };
  renderApp("/projects/3?tab=settings");
  expect(await screen.findByText("Clips were made, so this is fixed.")).toBeInTheDocument();
  expect(screen.getByRole("radio", { name: "the press, as published" })).toBeDisabled();
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
  answers_per_clip: 3,
  context_ms: 0,
  shows_suggestions: false,
  hardest_first: false,
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

test("clips the model is unsure of come first where an admin says so, which needs a model", async () => {
  let now = settings;
  server.use(
    on("get", "/api/projects/{id}/settings/", () => ({ ...now })),
    on("patch", "/api/projects/{id}/settings/", ({ body }) => {
      now = { ...now, ...(body as Partial<ProjectSettings>) };
      return { ...now };
    }),
  );
  const { user, unmount } = renderApp("/projects/3?tab=settings");
  expect(await screen.findByRole("switch", { name: /^Give clips the model is unsure of first/ })).toBeDisabled();
  unmount();
  now = { ...settings, prelabeller: "season-1" };
  renderApp("/projects/3?tab=settings");
  const order = await screen.findByRole("switch", { name: /^Give clips the model is unsure of first/ });
  await user.click(order);
  await waitFor(() => expect(now.hardest_first).toBe(true));
  await waitFor(() => expect(order).toBeChecked());
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
