import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse } from "msw";
import { expect, test } from "vitest";
import { pageOf, project } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, server } from "../../testing/server";

test("a card says what waits for me and how far the project is, and its guideline opens beside it", async () => {
  server.use(on("get", "/api/projects/", () => pageOf(project)));
  const { user } = renderApp("/");
  const card = await screen.findByRole("region", { name: "Pilot" });
  expect(within(card).getByRole("link", { name: /Mark moments/ })).toHaveTextContent(
    "1 waiting for you · 1 done by you",
  );
  expect(within(card).getByRole("progressbar", { name: "Clips labelled" })).toHaveAttribute("aria-valuenow", "33");
  await user.click(within(card).getByRole("button", { name: "Guideline" }));
  const drawer = await screen.findByRole("dialog");
  expect(within(drawer).getByText("closely").tagName).toBe("STRONG");
});

test.each([
  ["m", "/projects/3/moments"],
  ["l", "/projects/3/states"],
])("the key %s opens the first project at %s", async (key, address) => {
  server.use(
    on("get", "/api/projects/", () => pageOf(project, { ...project, id: 4, name: "Second" })),
    on("post", "/api/projects/{id}/next/", () => new HttpResponse(null, { status: 204 })),
  );
  const { user, router } = renderApp("/");
  await screen.findByRole("region", { name: "Second" });
  await user.keyboard(key);
  await waitFor(() => expect(router.state.location.pathname).toBe(address));
});

test("who is in no project is told what to do", async () => {
  server.use(on("get", "/api/projects/", () => pageOf()));
  renderApp("/");
  expect(await screen.findByText(/An admin can add you/)).toBeInTheDocument();
});

test("the link that led to a page does not keep the keys of that page", async () => {
  server.use(
    on("get", "/api/projects/", () => pageOf(project)),
    on("post", "/api/projects/{id}/next/", () => new HttpResponse(null, { status: 204 })),
  );
  const { user } = renderApp("/");
  await user.click(await screen.findByRole("link", { name: /Label clips/ }));
  await screen.findByRole("heading", { name: "No clip is waiting for you" });
  expect(screen.getByRole("main")).toHaveFocus();
});

test("who trains sees how far, and the key t opens the training", async () => {
  const training = { is_open: false, done: 3, total: 10 };
  server.use(
    on("get", "/api/projects/", () => pageOf({ ...project, training })),
    on("get", "/api/projects/{project_id}/annotator-training/mine/", () => new HttpResponse(null, { status: 404 })),
  );
  const { user, router } = renderApp("/");
  expect(await screen.findByRole("link", { name: /Training: 3 of 10/ })).toBeInTheDocument();
  await user.keyboard("t");
  await waitFor(() => expect(router.state.location.pathname).toBe("/projects/3/training"));
});
