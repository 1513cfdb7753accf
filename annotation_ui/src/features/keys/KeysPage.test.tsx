import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anna } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, server, session as sessionOf } from "../../testing/server";

type Keys = Record<string, string[]>;

function serverWithKeys(keys: Keys = {}) {
  const kept: Keys[] = [];
  server.use(
    on("get", "/api/session/", () => sessionOf({ ...anna, keys })),
    on("patch", "/api/session/", ({ body }) => {
      kept.push((body as { keys: Keys }).keys);
      return { ...anna, keys: kept.at(-1) ?? {} };
    }),
  );
  return kept;
}

async function opened() {
  const view = renderApp("/keys");
  await screen.findByRole("heading", { name: "Your keys" });
  return view;
}

test("a key is changed by pressing another, and kept with the account", async () => {
  const kept = serverWithKeys();
  const { user } = await opened();
  await user.click(screen.getByLabelText("Key of “Absent”: A"));
  await user.keyboard("j");
  expect(await screen.findByLabelText("Key of “Absent”: J")).toBeInTheDocument();
  expect(kept).toEqual([{ "status.absent": ["j"] }]);
  await user.click(screen.getByLabelText("Key of “Absent” as it came"));
  expect(await screen.findByLabelText("Key of “Absent”: A")).toBeInTheDocument();
  expect(kept.at(-1)).toEqual({});
});

test("a key that is taken names its owner, and the two are swapped only when asked", async () => {
  const kept = serverWithKeys();
  const { user } = await opened();
  await user.click(screen.getByLabelText("Key of “Absent”: A"));
  await user.keyboard("n");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("N is “No emotion” already. “No emotion” then has A.");
  await user.click(within(alert).getByRole("button", { name: "Leave it" }));
  expect(kept).toEqual([]);
  await user.click(screen.getByLabelText("Key of “Absent”: A"));
  await user.keyboard("n");
  await user.click(screen.getByRole("button", { name: "Swap the two keys" }));
  await waitFor(() => expect(kept).toEqual([{ "status.absent": ["n"], "status.no_emotion": ["a"] }]));
  expect(await screen.findByLabelText("Key of “No emotion”: A")).toBeInTheDocument();
});

test("a key of the browser is refused, Escape leaves the key, Delete takes it away", async () => {
  const kept = serverWithKeys();
  const { user } = await opened();
  await user.click(screen.getByLabelText("Key of “Absent”: A"));
  await user.keyboard("{F5}");
  expect(screen.getByText(/F5 belongs to the browser/)).toBeInTheDocument();
  await user.keyboard("{Escape}");
  expect(screen.getByLabelText("Key of “Absent”: A")).toHaveAttribute("aria-pressed", "false");
  expect(kept).toEqual([]);
  await user.click(screen.getByLabelText("Key of “Absent”: A"));
  await user.keyboard("{Delete}");
  expect(await screen.findByLabelText("Key of “Absent”: no key")).toBeInTheDocument();
  expect(kept).toEqual([{ "status.absent": [""] }]);
});
