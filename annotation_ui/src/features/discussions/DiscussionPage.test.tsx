import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { Discussion } from "../../api/types";
import { ada, anna, discussion } from "../../testing/data";
import { renderApp } from "../../testing/renderApp";
import { on, server, session } from "../../testing/server";

const PAGE = "/api/projects/{project_id}/discussions/{clip_id}/";

function open(shown: Discussion, user = anna) {
  server.use(
    on("get", "/api/session/", () => session(user)),
    on("get", PAGE, () => shown),
  );
  return renderApp("/projects/3/clips/8");
}

test("answers stand side by side, a discarded clip among them", async () => {
  open(discussion);
  const answers = await screen.findByRole("region", { name: "Answers" });
  expect(within(answers).getByRole("article", { name: "Anna Lee" })).toHaveTextContent("youTense");
  expect(within(answers).getByRole("article", { name: "Ben" })).toHaveTextContent("discarded the clip");
  expect(screen.queryByRole("button", { name: /Record/ })).not.toBeInTheDocument();
});

test("a comment that finds no network stays in sight and is sent when there is one", async () => {
  let isOffline = true;
  const sent: unknown[] = [];
  server.use(
    on("post", `${PAGE}comments/`, ({ body: given }) => {
      const body = given as { client_id: string; text: string };
      if (isOffline) return HttpResponse.error();
      sent.push(body);
      return HttpResponse.json(
        { client_id: body.client_id, author: "Anna Lee", text: body.text, created_at: "2026-11-20T10:00:00Z" },
        { status: 201 },
      );
    }),
  );
  const { user } = open(discussion);
  await screen.findByRole("region", { name: "Comments" });
  await user.keyboard("c");
  await user.keyboard("He teases her.{Control>}{Enter}{/Control}");
  const comments = screen.getByRole("region", { name: "Comments" });
  expect(await within(comments).findByText("on its way")).toBeInTheDocument();
  expect(screen.getByRole("textbox", { name: "What do you see?" })).toHaveValue("");
  isOffline = false;
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ text: "He teases her." });
});

test("an admin records a consensus of a pair and a relationship by keys", async () => {
  const sent: unknown[] = [];
  server.use(
    on("post", `${PAGE}consensus/`, ({ body }) => {
      sent.push(body);
      return HttpResponse.json(
        {
          client_id: "c3f4a2d0-0000-4000-8000-000000000000",
          pair: [11, 13],
          relationship: "mild",
          note: "",
          decided_by: "Ada Admin",
          created_at: "2026-11-20T10:00:00Z",
        },
        { status: 201 },
      );
    }),
  );
  const { user } = open({ ...discussion, may_decide: true }, ada);
  const form = await screen.findByRole("region", { name: "What was agreed on" });
  const record = within(form).getByRole("button", { name: /^Record/ });
  expect(record).toBeDisabled();
  expect(within(form).getByRole("button", { name: "June" })).toHaveAttribute("aria-pressed", "true");
  for (const name of ["Person 3", "Nora", "June"]) await user.click(within(form).getByRole("button", { name }));
  await user.keyboard("4");
  expect(record).toBeEnabled();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ pair: [13, 11], relationship: "mild" });
});
