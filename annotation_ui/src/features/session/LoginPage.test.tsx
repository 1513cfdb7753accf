import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { ada, anna, pageOf, project } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, refused, server, session } from "../../testing/server";

function signedOut() {
  server.use(
    on("get", "/api/session/", () => session(null)),
    on("get", "/api/projects/", () => pageOf(project)),
  );
}

test("the first field has the focus, and Enter logs in and shows my work", async () => {
  signedOut();
  server.use(
    on("post", "/api/session/", ({ body }) =>
      session((body as { username: string }).username === "anna" ? anna : null),
    ),
  );
  const { user } = renderApp("/");
  await waitFor(() => expect(screen.getByLabelText("User name")).toHaveFocus());
  await user.keyboard("anna{Tab}secret{Enter}");
  expect(await screen.findByRole("heading", { name: "My work" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Episodes" })).toBeNull();
});

test("a wrong password is said clearly, and selected to be typed again", async () => {
  signedOut();
  server.use(on("post", "/api/session/", () => refused(400, "bad_credentials", "no")));
  const { user } = renderApp("/");
  await user.type(await screen.findByLabelText("User name"), "anna");
  await user.type(screen.getByLabelText("Password"), "wrong{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("User name and password do not match.");
  expect(screen.getByLabelText("Password")).toHaveFocus();
});

test("empty fields are named before anything is sent", async () => {
  signedOut();
  const { user } = renderApp("/");
  await user.click(await screen.findByRole("button", { name: "Log in" }));
  expect(screen.getByText("Enter your user name")).toBeInTheDocument();
});

test("the page speaks Chinese when asked, before anybody logged in", async () => {
  signedOut();
  const { user } = renderApp("/");
  await user.click(await screen.findByText("简体中文"));
  expect(await screen.findByRole("button", { name: "登录" })).toBeInTheDocument();
  expect(document.documentElement.lang).toBe("zh-Hans");
});

test("after the log-in the language is the person's own", async () => {
  signedOut();
  server.use(on("post", "/api/session/", () => session({ ...anna, language: "zh-hans" })));
  const { user } = renderApp("/");
  await user.type(await screen.findByLabelText("User name"), "anna");
  await user.type(screen.getByLabelText("Password"), "secret{Enter}");
  expect(await screen.findByRole("heading", { name: "我的任务" })).toBeInTheDocument();
});

test("a server that cannot be reached is said, with a way to try again", async () => {
  let isDown = true;
  server.use(on("get", "/api/session/", () => (isDown ? refused(503, "server_error") : session(null))));
  const { user } = renderApp("/");
  expect(await screen.findByRole("alert", {}, { timeout: 9000 })).toHaveTextContent("The server made a mistake.");
  isDown = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Affectory" })).toBeInTheDocument();
});

test("a log-in that ends while a page is open leads back to the log-in, at the same address", async () => {
  server.use(
    on("get", "/api/session/", () => session(ada)),
    on("get", "/api/episodes/", () => {
      server.use(on("get", "/api/session/", () => session(null)));
      return refused(401, "not_authenticated");
    }),
  );
  const { router } = renderApp("/episodes");
  expect(await screen.findByRole("button", { name: "Log in" })).toBeInTheDocument();
  expect(router.state.location.pathname).toBe("/episodes");
});
