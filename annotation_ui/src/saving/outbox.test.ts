import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../api/client";
import { moment } from "../testing/data";
import type { Entry, Saved } from "./changes";
import { Outbox } from "./outbox";
import { localStore } from "./store";

const USER = 7;
const TURN = { assignment: 40, item: "episode:5" };
const offline = () => new ApiError(0, "network", "unreachable");
const saved = (entry: Entry): Saved => ({ moment: moment(entry.id, 1) });

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => vi.useRealTimers());

function outboxWith(send: (entry: Entry) => Promise<Saved>) {
  const outbox = new Outbox({ store: localStore(USER), send });
  const stop = outbox.start();
  return { outbox, stop };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

test("a change is on disk before it is sent, and off the disk after the server said yes", async () => {
  const onDisk: number[] = [];
  const { outbox } = outboxWith(async (entry) => {
    onDisk.push(localStore(USER).all().length);
    return saved(entry);
  });
  const id = outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  expect(outbox.snapshot.phase).toBe("saving");
  await settled();
  expect(onDisk).toEqual([1]);
  expect(localStore(USER).all()).toEqual([]);
  expect(outbox.snapshot.accepted).toEqual([{ assignment: 40, saved: { moment: moment(id, 1) } }]);
  expect(outbox.snapshot.phase).toBe("saved");
});

test("what somebody adds on hearing that all is saved is sent too", async () => {
  const { outbox } = outboxWith(async (entry) => saved(entry));
  let last = "";
  const stop = outbox.subscribe(() => {
    if (outbox.snapshot.phase !== "saved") return;
    stop();
    last = outbox.add(TURN, { type: "record", timeMs: 2, rate: 1 });
  });
  outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  await settled();
  expect(outbox.snapshot.accepted.at(-1)).toEqual({ assignment: 40, saved: { moment: moment(last, 1) } });
  expect(outbox.snapshot.phase).toBe("saved");
});

test("without a network it waits longer and longer, then sends everything in order under the same ids", async () => {
  let down = true;
  const tried: string[] = [];
  const { outbox } = outboxWith(async (entry) => {
    tried.push(entry.id);
    if (down) throw offline();
    return saved(entry);
  });
  const first = outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  const second = outbox.add(TURN, { type: "remove", momentId: first });
  await settled();
  expect(outbox.snapshot.phase).toBe("offline");
  expect(tried).toEqual([first]);
  await vi.advanceTimersByTimeAsync(1000);
  await vi.advanceTimersByTimeAsync(2000);
  expect(tried).toEqual([first, first, first]);
  await vi.advanceTimersByTimeAsync(3999);
  expect(tried).toHaveLength(3);
  down = false;
  await vi.advanceTimersByTimeAsync(1);
  expect(tried.slice(3)).toEqual([first, second]);
  expect(outbox.snapshot).toMatchObject({ phase: "saved", entries: [] });
});

test("a reload takes up what an earlier page left, in the order made", async () => {
  const dead = outboxWith(() => Promise.reject(offline()));
  const ids = [1, 2, 3].map((timeMs) => dead.outbox.add(TURN, { type: "record", timeMs, rate: 1 }));
  await settled();
  dead.stop();
  const sent: string[] = [];
  outboxWith(async (entry) => {
    sent.push(entry.id);
    return saved(entry);
  });
  await settled();
  expect(sent).toEqual(ids);
});

test("another person on the same computer does not send it", async () => {
  const { stop } = outboxWith(() => Promise.reject(offline()));
  localStore(99).put({ id: "x", ...TURN, madeAt: 1, change: { type: "record", timeMs: 1, rate: 1 } });
  stop();
  const send = vi.fn(async (entry: Entry) => saved(entry));
  outboxWith(send);
  await settled();
  expect(send).not.toHaveBeenCalled();
  expect(localStore(99).all()).toHaveLength(1);
});

test("the network's return is not waited for", async () => {
  let down = true;
  const { outbox } = outboxWith(async (entry) => {
    if (down) throw offline();
    return saved(entry);
  });
  outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  await settled();
  down = false;
  window.dispatchEvent(new Event("online"));
  await settled();
  expect(outbox.snapshot.phase).toBe("saved");
});

test("a log-in that ran out stops it without losing anything, until somebody is back", async () => {
  let out = true;
  const send = vi.fn(async (entry: Entry) => {
    if (out) throw new ApiError(401, "not_authenticated", "");
    return saved(entry);
  });
  const { outbox } = outboxWith(send);
  outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(send).toHaveBeenCalledTimes(1);
  expect(outbox.snapshot.phase).toBe("signedOut");
  expect(localStore(USER).all()).toHaveLength(1);
  out = false;
  outbox.retry();
  await settled();
  expect(outbox.snapshot.phase).toBe("saved");
});

test("a lost turn keeps its changes, lets others pass, and a new turn at the same work sends them", async () => {
  const { outbox } = outboxWith(async (entry) => {
    if (entry.assignment === 40) throw new ApiError(409, "lease_lost", "gone");
    return saved(entry);
  });
  const kept = outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  outbox.add({ assignment: 41, item: "episode:6" }, { type: "record", timeMs: 2, rate: 1 });
  await settled();
  expect(outbox.snapshot.phase).toBe("lost");
  expect(outbox.snapshot.entries.map((entry) => entry.id)).toEqual([kept]);
  expect(outbox.snapshot.lost.has(40)).toBe(true);
  outbox.adopt("episode:5", 77);
  await settled();
  expect(outbox.snapshot).toMatchObject({ phase: "saved", entries: [] });
});

test("what the server will never take is shown with its reason, and given up only when asked", async () => {
  const { outbox } = outboxWith(() => Promise.reject(new ApiError(422, "rule_broken", "One reason is missing.")));
  outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  await settled();
  expect(outbox.snapshot.phase).toBe("refused");
  expect(outbox.snapshot.entries[0]?.refusal).toBe("One reason is missing.");
  expect(localStore(USER).all()).toHaveLength(1);
  outbox.discardRefused();
  expect(outbox.snapshot.phase).toBe("saved");
  expect(localStore(USER).all()).toEqual([]);
});

test("what was refused can be tried again, under the same id", async () => {
  let isForbidden = true;
  const sent: string[] = [];
  const { outbox } = outboxWith(async (entry) => {
    sent.push(entry.id);
    if (isForbidden) throw new ApiError(403, "permission_denied", "No.");
    return saved(entry);
  });
  const id = outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  await settled();
  isForbidden = false;
  outbox.retryRefused();
  await settled();
  expect(sent).toEqual([id, id]);
  expect(outbox.snapshot).toMatchObject({ phase: "saved", entries: [] });
});

test("a full storage is said, and the change is sent all the same", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { outbox } = outboxWith(async (entry) => {
    await gate;
    return saved(entry);
  });
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  outbox.add(TURN, { type: "record", timeMs: 1, rate: 1 });
  expect(outbox.snapshot.phase).toBe("unkept");
  release();
  await settled();
  expect(outbox.snapshot.phase).toBe("saved");
});

test("however the network fails, everything arrives once at least, in order, and the server's last word is complete", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("ok", "before", "after"), { maxLength: 12 }), async (weather) => {
      localStorage.clear();
      const arrived: string[] = [];
      let turn = 0;
      const { outbox, stop } = outboxWith(async (entry) => {
        const now = weather[turn++] ?? "ok";
        if (now === "before") throw offline();
        if (!arrived.includes(entry.id)) arrived.push(entry.id); // the server knows client ids
        if (now === "after") throw offline();
        return saved(entry);
      });
      const ids = [1, 2, 3, 4].map((timeMs) => outbox.add(TURN, { type: "record", timeMs, rate: 1 }));
      await vi.advanceTimersByTimeAsync(600_000);
      expect(arrived).toEqual(ids);
      expect(outbox.snapshot).toMatchObject({ phase: "saved", entries: [] });
      stop();
    }),
    { numRuns: 40 },
  );
});
