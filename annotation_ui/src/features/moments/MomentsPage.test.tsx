import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { Watched } from "../../api/types";
import { anna, moment, momentsTurn } from "../../testing/data";
import { videoAt } from "../../testing/media";
import { renderApp } from "../../testing/renderApp";
import { on, refused, server, session } from "../../testing/server";

/** A server that keeps moments as the real one does, and what it was asked. */
function serverWithMoments(turn = momentsTurn) {
  const kept = new Map(turn.moments.map((one) => [one.id, one]));
  const asked: string[] = [];
  const watched: number[][] = [];
  const world = { down: false, status: "held" as "held" | "done" };
  const body = () => ({ ...turn, status: world.status, moments: [...kept.values()] });
  server.use(
    on("post", "/api/projects/{id}/next/", () => body()),
    on("post", "/api/assignments/{id}/moments/", ({ body: sent }) => {
      if (world.down) return HttpResponse.error();
      const { client_id, time_ms } = sent as { client_id: string; time_ms: number };
      asked.push(`record ${time_ms}`);
      kept.set(client_id, moment(client_id, time_ms));
      return HttpResponse.json(kept.get(client_id), { status: 201 });
    }),
    ...(["remove", "restore"] as const).map((verb) =>
      on("post", `/api/assignments/{id}/moments/{moment_id}/${verb}/`, ({ params }) => {
        if (world.down) return HttpResponse.error();
        const id = params.moment_id ?? "";
        asked.push(verb);
        const changed = { ...moment(id, kept.get(id)?.time_ms ?? 0), removed: verb === "remove" };
        kept.set(id, changed);
        return changed;
      }),
    ),
    on("post", "/api/assignments/{id}/watched/", ({ body: sent }) => {
      if (world.down) return HttpResponse.error();
      const { spans, position_ms } = sent as Watched;
      watched.push(...spans);
      return { spans, position_ms, smallest_gap_ms: 1000 };
    }),
    on("post", "/api/assignments/{id}/finish/", () => {
      world.status = "done";
      return body();
    }),
  );
  return { asked, world, kept, watched };
}

const rows = () => within(screen.getByRole("list", { name: "Moments" })).getAllByRole("listitem");

async function opened() {
  const view = renderApp("/projects/3/moments");
  await screen.findByRole("heading", { name: "Office · Pilot episode" });
  return view;
}

test("Space plays; Space again pauses and records the moment by itself", async () => {
  const { asked } = serverWithMoments();
  const { user } = await opened();
  await user.keyboard(" ");
  const video = videoAt(2500);
  expect(video.paused).toBe(false);
  await user.keyboard(" ");
  expect(video.paused).toBe(true);
  expect(rows()).toHaveLength(1);
  expect(rows()[0]).toHaveTextContent("00:02.5We were on a break!");
  await waitFor(() => expect(asked).toEqual(["record 2500"]));
  await user.keyboard(" ");
  expect(video.paused).toBe(false);
  expect(asked).toHaveLength(1);
});

test("Shift and Space pause without recording", async () => {
  const { asked } = serverWithMoments();
  const { user } = await opened();
  await user.keyboard(" ");
  const video = videoAt(2500);
  await user.keyboard("{Shift>} {/Shift}");
  expect(video.paused).toBe(true);
  expect(screen.queryByRole("list", { name: "Moments" })).toBeNull();
  expect(asked).toEqual([]);
});

test("a moment is deleted, undone, redone by keys, and the server hears every step", async () => {
  const { asked } = serverWithMoments({ ...momentsTurn, moments: [moment("a", 1000), moment("b", 9000)] });
  const { user } = await opened();
  await user.click(screen.getByRole("button", { name: "Delete the moment at 00:09.0" }));
  expect(rows()).toHaveLength(1);
  await user.keyboard("z");
  expect(rows()).toHaveLength(2);
  await user.keyboard("{Shift>}z{/Shift}");
  expect(rows()).toHaveLength(1);
  expect(screen.getByText("Deleted 00:09.0")).toBeInTheDocument();
  await waitFor(() => expect(asked).toEqual(["remove", "restore", "remove"]));
});

test("offline nothing is lost, and it is said; back online it is saved", async () => {
  const { world, asked } = serverWithMoments();
  const { user } = await opened();
  world.down = true;
  await user.keyboard(" ");
  videoAt(2500);
  await user.keyboard(" ");
  expect(await screen.findByText("Offline: 1 change kept on this computer")).toBeInTheDocument();
  expect(rows()).toHaveLength(1);
  world.down = false;
  window.dispatchEvent(new Event("online"));
  expect(await screen.findByText("Saved")).toBeInTheDocument();
  expect(asked).toEqual(["record 2500"]);
  expect(rows()).toHaveLength(1);
});

test("after a reload the unsent moment is still there, and is sent", async () => {
  const { world, asked } = serverWithMoments();
  const first = await opened();
  world.down = true;
  await first.user.keyboard(" ");
  videoAt(2500);
  await first.user.keyboard(" ");
  await screen.findByText(/Offline/);
  first.unmount();
  world.down = false;
  await opened();
  expect(rows()).toHaveLength(1);
  await waitFor(() => expect(asked).toEqual(["record 2500"]));
});

const seen = (...spans: [number, number][]): Watched => ({ spans, position_ms: 0, smallest_gap_ms: 1000 });

test("Enter asks, Enter again finishes", async () => {
  serverWithMoments({ ...momentsTurn, watched: seen([0, 59_500]), moments: [moment("a", 1000)] });
  const { user } = await opened();
  await user.keyboard("{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Finish this episode?" });
  expect(dialog).toHaveTextContent("You marked 1 moment.");
  await waitFor(() => expect(within(dialog).getByRole("button", { name: "Finish the episode" })).toHaveFocus());
  expect(dialog).toHaveTextContent("You have watched all of it.");
  await user.keyboard("{Enter}");
  expect(await screen.findByRole("heading", { name: "Episode finished" })).toBeInTheDocument();
});

test("an end with gaps names them, leads there, and goes on all the same where the project lets it", async () => {
  serverWithMoments({ ...momentsTurn, watched: seen([0, 12_000], [30_000, 60_000]) });
  const { user } = await opened();
  await user.keyboard("{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Finish this episode?" });
  expect(dialog).toHaveTextContent("Not watched yet");
  await user.click(within(dialog).getByRole("button", { name: "Watch 00:12 to 00:30" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.querySelector("video")?.currentTime).toBe(12);
  await user.keyboard("{Enter}");
  await user.click(await screen.findByRole("button", { name: "Finish all the same" }));
  expect(await screen.findByRole("heading", { name: "Episode finished" })).toBeInTheDocument();
});

test("a strict project offers no end, only the way to what is missing", async () => {
  const strict = { ...momentsTurn.project, unwatched: "refuse" as const };
  serverWithMoments({ ...momentsTurn, project: strict, watched: seen([5000, 60_000]) });
  const { user } = await opened();
  await user.keyboard("{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Finish this episode?" });
  expect(within(dialog).queryByRole("button", { name: /Finish/ })).toBeNull();
  await waitFor(() => expect(within(dialog).getByRole("button", { name: "Watch the missing part" })).toHaveFocus());
});

test("it goes on where another computer stopped, N leads to the next part not seen, and what is seen is sent", async () => {
  const { watched } = serverWithMoments({
    ...momentsTurn,
    watched: { ...seen([0, 5000], [20_000, 22_000]), position_ms: 22_000 },
  });
  const { user } = await opened();
  const video = document.querySelector("video") as HTMLVideoElement;
  video.dispatchEvent(new Event("loadedmetadata"));
  expect(video.currentTime).toBe(22);
  expect(screen.getByText("11 % watched")).toBeInTheDocument();
  expect(screen.getByTitle("Not watched: 00:05 to 00:20")).toBeInTheDocument();
  await user.keyboard("n");
  expect(video.currentTime).toBe(5);
  await user.keyboard("{Shift>} {/Shift}");
  videoAt(6000);
  videoAt(7500);
  await user.keyboard("{Shift>} {/Shift}");
  await waitFor(() => expect(watched).toEqual([[5000, 7500]]));
  expect(screen.getByText("15 % watched")).toBeInTheDocument();
});

test("who needs a reaction time is led to its measurement", async () => {
  const corrected = { ...momentsTurn.project, moment_time: "corrected" as const };
  serverWithMoments({ ...momentsTurn, project: corrected });
  await opened();
  expect(screen.getByRole("link", { name: /Measure your reaction time/ })).toHaveAttribute("href", "/calibration");
});

test("keys of the page rest while a dialog is open, and the help shows every key", async () => {
  const { asked } = serverWithMoments();
  const { user } = await opened();
  await user.keyboard("?");
  const help = await screen.findByRole("dialog", { name: "Keys of this page" });
  expect(within(help).getByText("Pause and mark the moment, or play on")).toBeInTheDocument();
  await user.keyboard("x");
  expect(document.querySelector("video")?.paused).toBe(true);
  expect(asked).toEqual([]);
});

test("a button reached with Tab keeps Space for itself; a clicked one gives it back to the page", async () => {
  serverWithMoments();
  const { user } = await opened();
  const faster = screen.getByRole("button", { name: "Faster" });
  await user.click(faster);
  expect(faster).not.toHaveFocus();
  await user.keyboard(" ");
  expect(document.querySelector("video")?.paused).toBe(false);
  faster.focus();
  await user.keyboard(" ");
  expect(document.querySelector("video")?.paused).toBe(false);
  expect(screen.getByLabelText("Speed 1.5")).toBeInTheDocument();
});

test("a lost turn is said plainly, with what is kept, and can be taken again", async () => {
  serverWithMoments();
  let isLost = true;
  server.use(
    on("post", "/api/assignments/{id}/moments/", ({ body }) => {
      if (isLost) return refused(409, "lease_lost", "Your turn has ended.");
      return HttpResponse.json(moment((body as { client_id: string }).client_id, 2500), { status: 201 });
    }),
  );
  const { user } = await opened();
  await user.keyboard(" ");
  videoAt(2500);
  await user.keyboard(" ");
  const dialog = await screen.findByRole("dialog", { name: "Your turn has ended" });
  expect(dialog).toHaveTextContent("1 change could not be sent");
  isLost = false;
  await user.click(within(dialog).getByRole("button", { name: "Take a turn again" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(await screen.findByText("Saved")).toBeInTheDocument();
  expect(rows()).toHaveLength(1);
});

test("a log-in that ran out shows the log-in page, and after it the moment is sent", async () => {
  const { asked } = serverWithMoments();
  let isOut = false;
  server.use(
    on("get", "/api/session/", () => session(isOut ? null : anna)),
    on("post", "/api/session/", () => {
      isOut = false;
      return session(anna);
    }),
    on("post", "/api/assignments/{id}/moments/", ({ body }) => {
      if (isOut) return refused(401, "not_authenticated");
      const { client_id, time_ms } = body as { client_id: string; time_ms: number };
      asked.push(`record ${time_ms}`);
      return HttpResponse.json(moment(client_id, time_ms), { status: 201 });
    }),
  );
  const { user } = await opened();
  await user.keyboard(" ");
  videoAt(2500);
  isOut = true;
  await user.keyboard(" ");
  await user.type(await screen.findByLabelText("User name"), "anna");
  await user.type(screen.getByLabelText("Password"), "secret{Enter}");
  await screen.findByRole("heading", { name: "Office · Pilot episode" });
  await waitFor(() => expect(asked).toEqual(["record 2500"]));
  await waitFor(() => expect(rows()).toHaveLength(1));
});

test("nothing left to watch is said in words", async () => {
  server.use(on("post", "/api/projects/{id}/next/", () => new HttpResponse(null, { status: 204 })));
  renderApp("/projects/3/moments");
  expect(await screen.findByRole("heading", { name: "No episode is waiting for you" })).toBeInTheDocument();
});

test("a project that is not mine gives a clear word and a way to try again", async () => {
  server.use(on("post", "/api/projects/{id}/next/", () => refused(404, "not_found")));
  renderApp("/projects/3/moments");
  expect(await screen.findByRole("alert")).toHaveTextContent("This does not exist, or is not yours to see.");
  expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
});
