import { useEffect, useState } from "react";
import type { Player } from "./player";

/** Twice the size on the page: sharp on a fine screen, and still small. */
export const THUMBNAIL = { width: 144, height: 80 } as const;

/** Near enough to be the frame on screen. */
const SAME_FRAME_MS = 60;
/** A frame that does not come in this time is asked for anew, behind the others and with twice the patience. */
const PATIENCE_MS = 5000;
const TRIES = 5;
/** A browser may say that it has arrived before there is a frame to draw; none comes where it was there already. */
const FRAME_PATIENCE_MS = 250;

/** A part of the picture as shares of its width and height. */
export interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

const ALL: Part = { x: 0, y: 0, width: 1, height: 1 };

interface Wish {
  canvas: HTMLCanvasElement;
  timeMs: number;
  part: Part;
  tries: number;
}

/**
 * Cuts frames out of a video in the browser, one after the other, with a second, silent video element that is made when
 * the first one is wanted. Pictures are drawn straight into the page's canvases and never read back, so that media that
 * come from another host work too.
 */
export class Thumbnails {
  private video: HTMLVideoElement | null = null;
  private readonly wishes: Wish[] = [];
  private busy = false;

  constructor(
    private readonly player: Player,
    private readonly url: string,
  ) {}

  /** Draw the frame of a time, or a part of it, into a canvas, now or soon. Returns the way to withdraw the wish. */
  want(canvas: HTMLCanvasElement, timeMs: number, part = ALL): () => void {
    // A moment that was just marked is on screen: nothing has to be loaded for it.
    const isShown = part === ALL && Math.abs(this.player.timeMs - timeMs) <= SAME_FRAME_MS;
    if (isShown && this.player.paint(canvas)) return () => {};
    const wish = { canvas, timeMs, part, tries: 0 };
    this.wishes.push(wish);
    void this.work();
    return () => {
      wish.tries = TRIES;
      const place = this.wishes.indexOf(wish);
      if (place >= 0) this.wishes.splice(place, 1);
    };
  }

  stop(): void {
    this.wishes.length = 0;
    this.unload();
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let wish = this.wishes.shift(); wish; wish = this.wishes.shift()) {
        this.video ??= this.makeVideo();
        const video = this.video;
        const isThere = await hasFrame(video, wish.timeMs, PATIENCE_MS * 2 ** wish.tries);
        if (video !== this.video) continue; // stopped meanwhile
        if (isThere) cut(video, wish);
        else this.tryAgain(wish);
      }
    } finally {
      this.busy = false;
    }
  }

  /** What stalled or broke off has to be loaded anew: a slow or lost network must not leave a hole for good. */
  private tryAgain(wish: Wish): void {
    this.unload();
    wish.tries += 1;
    if (wish.tries < TRIES) this.wishes.push(wish);
  }

  private unload(): void {
    this.video?.removeAttribute("src");
    this.video?.load();
    this.video = null;
  }

  private makeVideo(): HTMLVideoElement {
    const video = document.createElement("video");
    video.muted = true;
    video.preload = "metadata";
    video.src = this.url;
    return video;
  }
}

/** Whether a video shows that time before patience ends, which an error does not end: the next try is not to be at once. */
function hasFrame(video: HTMLVideoElement, timeMs: number, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = new AbortController();
    let isShown = !("requestVideoFrameCallback" in video);
    let isSought = false;
    const end = (isThere: boolean) => {
      stop.abort();
      clearTimeout(timer);
      resolve(isThere);
    };
    let timer = setTimeout(() => end(false), patienceMs);
    const go = () => {
      if (!isShown) {
        video.requestVideoFrameCallback(() => {
          isShown = true;
          if (isSought) end(true);
        });
      }
      video.currentTime = timeMs / 1000;
    };
    const seeked = () => {
      isSought = true;
      clearTimeout(timer);
      timer = setTimeout(() => end(true), isShown ? 0 : FRAME_PATIENCE_MS);
    };
    video.addEventListener("seeked", seeked, { signal: stop.signal });
    if (video.readyState >= 1) go();
    else video.addEventListener("loadedmetadata", go, { once: true, signal: stop.signal });
  });
}

function cut(video: HTMLVideoElement, { canvas, part }: Wish): void {
  const [x, width] = [part.x * video.videoWidth, part.width * video.videoWidth];
  const [y, height] = [part.y * video.videoHeight, part.height * video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, x, y, width, height, 0, 0, canvas.width, canvas.height);
}

export function useThumbnails(player: Player, url: string): Thumbnails {
  const [thumbnails] = useState(() => new Thumbnails(player, url));
  useEffect(() => () => thumbnails.stop(), [thumbnails]);
  return thumbnails;
}
