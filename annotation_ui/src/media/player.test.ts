import { beforeEach, expect, test, vi } from "vitest";
import { Player } from "./player";

let video: HTMLVideoElement;
let player: Player;

beforeEach(() => {
  video = document.createElement("video");
  video.currentTime = 0;
  player = new Player();
  player.attach(video);
});

test("it turns back at the end of the looped range, and cannot be moved out of it", () => {
  player.loop([10_000, 20_000]);
  expect(player.timeMs).toBe(10_000);
  expect(player.snapshot.playing).toBe(true);
  video.currentTime = 20.01;
  player.tick();
  expect(player.timeMs).toBe(10_000);
  player.seek(2000);
  expect(player.timeMs).toBe(10_000);
  player.pause();
  player.seek(99_000);
  expect(player.timeMs).toBe(20_000);
});

test("speed goes by quarters between a half and two, keeps the pitch, and survives another video", () => {
  expect(video.preservesPitch).toBe(true);
  for (let step = 0; step < 9; step++) player.changeRate(1);
  expect(video.playbackRate).toBe(2);
  for (let step = 0; step < 9; step++) player.changeRate(-1);
  expect(video.playbackRate).toBe(0.5);
  video.playbackRate = 1; // what loading does
  video.dispatchEvent(new Event("loadedmetadata"));
  expect(video.playbackRate).toBe(0.5);
});

test("a tick tells clocks, never those who watch the state", () => {
  const clock = vi.fn();
  const state = vi.fn();
  player.watchClock(clock);
  player.subscribe(state);
  video.currentTime = 1.2345;
  video.dispatchEvent(new Event("timeupdate"));
  expect(clock).toHaveBeenLastCalledWith(1235);
  expect(state).not.toHaveBeenCalled();
});

test("a press counts at once, before the browser tells of it, and late news of it changes nothing", () => {
  player.toggle();
  expect(player.snapshot.playing).toBe(true);
  player.toggle();
  expect(player.snapshot.playing).toBe(false);
  video.dispatchEvent(new Event("play")); // of the first press
  expect(player.snapshot.playing).toBe(false);
});

test("a browser that refuses to start leaves the player paused", async () => {
  video.play = () => Promise.reject(new DOMException("not allowed", "NotAllowedError"));
  player.play();
  await Promise.resolve();
  expect(player.snapshot.playing).toBe(false);
});

test("volume goes by tenths; louder is heard, nothing is silence, and unmuting silence can be heard", () => {
  player.changeVolume(-1);
  expect(video.volume).toBeCloseTo(0.9);
  player.toggleMuted();
  video.dispatchEvent(new Event("volumechange"));
  expect(player.snapshot.muted).toBe(true);
  player.changeVolume(1);
  expect([video.muted, video.volume]).toEqual([false, 1]);
  for (let step = 0; step < 12; step++) player.changeVolume(-1);
  expect([video.muted, video.volume]).toEqual([true, 0]);
  player.toggleMuted();
  expect([video.muted, video.volume]).toEqual([false, 0.5]);
});

test("a jump is told apart from playing", () => {
  const before = player.jumps;
  video.currentTime = 1;
  player.tick();
  expect(player.jumps).toBe(before);
  player.seekBy(1000);
  expect(player.jumps).toBeGreaterThan(before);
});

test("without looping it stops at the end of the range, and plays from its start again", () => {
  player.toggleLooping();
  player.loop([10_000, 20_000]);
  video.currentTime = 20.02;
  player.tick();
  expect(player.snapshot.playing).toBe(false);
  expect(player.timeMs).toBe(20_000);
  player.play();
  expect(player.timeMs).toBe(10_000);
  player.toggleLooping();
  video.currentTime = 20.02;
  player.tick();
  expect([player.snapshot.playing, player.timeMs]).toEqual([true, 10_000]);
});

test("the lead to a range is played only when asked for, and is out of reach after it", () => {
  player.loop([10_000, 20_000]);
  player.seek(7000);
  expect(player.timeMs).toBe(10_000);
  player.playLead(4000);
  expect(player.timeMs).toBe(4000);
  player.seekBy(-5000);
  expect(player.timeMs).toBe(4000);
  video.currentTime = 20.02;
  player.tick();
  expect(player.timeMs).toBe(10_000);
  player.seekBy(-5000);
  expect(player.timeMs).toBe(10_000);
});
