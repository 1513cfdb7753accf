import { useEffect, useState } from "react";
import type { Player } from "./player";

/** Twice the size on the page: sharp on a fine screen, and still small. */
export const THUMBNAIL = { width: 144, height: 80 } as const;

/** Near enough to be the frame on screen. */
const SAME_FRAME_MS = 60;
/** A frame that cannot be cut in this time is left out. */
const PATIENCE_MS = 5000;

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
    const wish = { canvas, timeMs, part };
    this.wishes.push(wish);
    void this.work();
    return () => {
      const place = this.wishes.indexOf(wish);
      if (place >= 0) this.wishes.splice(place, 1);
    };
  }

  stop(): void {
    this.wishes.length = 0;
    this.video?.removeAttribute("src");
    this.video?.load();
    this.video = null;
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let wish = this.wishes.shift(); wish; wish = this.wishes.shift()) {
        const video = await this.frameAt(wish.timeMs);
        if (!video) continue;
        const { canvas, part } = wish;
        const [x, width] = [part.x * video.videoWidth, part.width * video.videoWidth];
        const [y, height] = [part.y * video.videoHeight, part.height * video.videoHeight];
        canvas.getContext("2d")?.drawImage(video, x, y, width, height, 0, 0, canvas.width, canvas.height);
      }
    } finally {
      this.busy = false;
    }
  }

  /** The hidden video, showing that time; undefined where it cannot. */
  private async frameAt(timeMs: number): Promise<HTMLVideoElement | undefined> {
    this.video ??= this.makeVideo();
    const video = this.video;
    const seeked = new Promise<boolean>((resolve) => {
      const stop = new AbortController();
      const end = (isThere: boolean) => {
        stop.abort();
        clearTimeout(timer);
        resolve(isThere);
      };
      const timer = setTimeout(() => end(false), PATIENCE_MS);
      video.addEventListener("seeked", () => end(true), { signal: stop.signal });
      video.addEventListener("error", () => end(false), { signal: stop.signal });
    });
    const go = () => {
      video.currentTime = timeMs / 1000;
    };
    if (video.readyState >= 1) go();
    else video.addEventListener("loadedmetadata", go, { once: true });
    return (await seeked) ? video : undefined;
  }

  private makeVideo(): HTMLVideoElement {
    const video = document.createElement("video");
    video.muted = true;
    video.preload = "metadata";
    video.src = this.url;
    return video;
  }
}

export function useThumbnails(player: Player, url: string): Thumbnails {
  const [thumbnails] = useState(() => new Thumbnails(player, url));
  useEffect(() => () => thumbnails.stop(), [thumbnails]);
  return thumbnails;
}
