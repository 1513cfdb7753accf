import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Player } from "./player";
import { Thumbnails } from "./thumbnails";

const MINUTE_MS = 60_000;

/** The hidden videos that were made, each with the frame it is at; a frame comes when the test says so. */
let videos: HTMLVideoElement[];
let drawn: { video: number; time: number }[];

beforeEach(() => {
  vi.useFakeTimers();
  videos = [];
  drawn = [];
  const make = document.createElement.bind(document);
  vi.spyOn(document, "createElement").mockImplementation((tag: string) => {
    const element = make(tag);
    if (element instanceof HTMLVideoElement) {
      vi.spyOn(element, "readyState", "get").mockReturnValue(1);
      videos.push(element);
    }
    return element;
  });
  vi.spyOn(HTMLMediaElement.prototype, "load").mockImplementation(() => {});
});

afterEach(() => {
  Reflect.deleteProperty(HTMLVideoElement.prototype, "requestVideoFrameCallback");
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function canvas(): HTMLCanvasElement {
  const element = document.createElement("canvas");
  const drawImage = (video: HTMLVideoElement) =>
    drawn.push({ video: videos.indexOf(video), time: video.currentTime * 1000 });
  vi.spyOn(element, "getContext").mockReturnValue({ drawImage } as unknown as CanvasRenderingContext2D & null);
  return element;
}

async function frameComes(): Promise<void> {
  videos.at(-1)?.dispatchEvent(new Event("seeked"));
  await vi.advanceTimersByTimeAsync(0);
}

test("frames are cut one after the other out of one hidden video", async () => {
  const thumbnails = new Thumbnails(new Player(), "/episode.mp4");
  thumbnails.want(canvas(), 1000);
  thumbnails.want(canvas(), 2000);
  await frameComes();
  await frameComes();
  expect(drawn).toEqual([
    { video: 0, time: 1000 },
    { video: 0, time: 2000 },
  ]);
});

test("arriving is not enough where the browser tells of frames, unless none is to come", async () => {
  const shown = vi.fn<(tell: () => void) => void>();
  Object.assign(HTMLVideoElement.prototype, { requestVideoFrameCallback: shown });
  const thumbnails = new Thumbnails(new Player(), "/episode.mp4");
  thumbnails.want(canvas(), 1000);
  await frameComes();
  expect(drawn).toEqual([]);
  shown.mock.lastCall?.[0]();
  await vi.advanceTimersByTimeAsync(0);
  expect(drawn).toEqual([{ video: 0, time: 1000 }]);

  thumbnails.want(canvas(), 1000);
  await frameComes();
  await vi.advanceTimersByTimeAsync(300);
  expect(drawn).toHaveLength(2);
});

test("a frame that does not come is loaded anew behind the others, and the late one is not taken for another", async () => {
  const thumbnails = new Thumbnails(new Player(), "/episode.mp4");
  thumbnails.want(canvas(), 1000);
  thumbnails.want(canvas(), 2000);
  await vi.advanceTimersByTimeAsync(5001);
  videos[0]?.dispatchEvent(new Event("seeked")); // what was asked for first, too late
  await vi.advanceTimersByTimeAsync(0);
  expect(drawn).toEqual([]);
  await frameComes();
  await frameComes();
  expect(drawn).toEqual([
    { video: 1, time: 2000 },
    { video: 1, time: 1000 },
  ]);
});

test("it is asked for five times, then let go", async () => {
  const thumbnails = new Thumbnails(new Player(), "/episode.mp4");
  thumbnails.want(canvas(), 1000);
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(videos).toHaveLength(5);
});

test.each(["withdrawn", "stopped"])("nothing more is loaded for a wish that was %s", async (how) => {
  const thumbnails = new Thumbnails(new Player(), "/episode.mp4");
  const withdraw = thumbnails.want(canvas(), 1000);
  if (how === "withdrawn") withdraw();
  else thumbnails.stop();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(videos).toHaveLength(1);
});

test("a frame on screen is painted at once, but never the one before a jump", () => {
  const player = new Player();
  const video = document.createElement("video");
  vi.spyOn(video, "readyState", "get").mockReturnValue(4);
  const seeking = vi.spyOn(video, "seeking", "get").mockReturnValue(true);
  player.attach(video);
  player.seek(1000);
  const thumbnails = new Thumbnails(player, "/episode.mp4");
  thumbnails.want(canvas(), 1000);
  expect(drawn).toEqual([]);
  seeking.mockReturnValue(false);
  thumbnails.want(canvas(), 1000);
  expect(drawn).toEqual([{ video: 0, time: 1000 }]);
});
