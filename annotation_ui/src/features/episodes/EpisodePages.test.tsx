import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { ada, anna, episode, pageOf } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, refused, server, session } from "../../testing/server";

beforeEach(() => server.use(on("get", "/api/session/", () => session(ada))));

test("episodes show how far their analysis is, and look again by themselves until it is done", async () => {
  let asked = 0;
  server.use(
    on("get", "/api/episodes/", () => {
      asked += 1;
      const analysis = asked > 1 ? { status: "done" as const, progress: 100, step: "" } : episode.analysis;
      return pageOf({ ...episode, analysis });
    }),
  );
  renderApp("/episodes");
  const bar = await screen.findByRole("progressbar", { name: "Analysis 40 %" });
  expect(bar).toBeInTheDocument();
  expect(screen.getByText("faces: tracking")).toBeInTheDocument();
  expect(await screen.findByRole("progressbar", { name: "Analysis 100 %" })).toBeInTheDocument();
  expect(screen.getByText("Done")).toBeInTheDocument();
});

test("an annotator is not shown the admin's pages", async () => {
  server.use(on("get", "/api/session/", () => session(anna)));
  renderApp("/episodes");
  expect(await screen.findByText("There is nothing at this address.")).toBeInTheDocument();
});

test("a suggested face is confirmed, and another character can be chosen", async () => {
  const linked: unknown[] = [];
  server.use(
    on("get", "/api/episodes/{id}/", () => episode),
    on("patch", "/api/identities/{id}/", ({ body }) => {
      linked.push(body);
      const { character } = body as { character: number | null };
      return { ...episode.identities[0], character, linked_by: character === null ? "" : "confirmed" };
    }),
  );
  const { user } = renderApp("/episodes/5");
  const who = await screen.findByRole("combobox", { name: "Who is person 1?" });
  expect(who).toHaveDisplayValue("Ross");
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect(await screen.findByText("Confirmed")).toBeInTheDocument();
  await user.selectOptions(who, "Nobody we follow");
  expect(await screen.findByText("Not linked")).toBeInTheDocument();
  expect(linked).toEqual([{ character: 1 }, { character: null }]);
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
