/** A video element without pictures: it plays and pauses when told, and its clock goes only when a test sets it. */
export function playLikeABrowser(): void {
  const playing = new WeakSet<HTMLMediaElement>();
  const prototype = HTMLMediaElement.prototype;
  Object.defineProperties(prototype, {
    paused: {
      configurable: true,
      get(this: HTMLMediaElement) {
        return !playing.has(this);
      },
    },
    currentTime: { configurable: true, writable: true, value: 0 },
    duration: { configurable: true, writable: true, value: Number.NaN },
    playbackRate: { configurable: true, writable: true, value: 1 },
    muted: { configurable: true, writable: true, value: false },
    preservesPitch: { configurable: true, writable: true, value: true },
  });
  prototype.play = function play() {
    playing.add(this);
    this.dispatchEvent(new Event("play"));
    return Promise.resolve();
  };
  prototype.pause = function pause() {
    if (!playing.delete(this)) return;
    this.dispatchEvent(new Event("pause"));
  };
  prototype.load = () => {};
}

/** Put the only video of the page at a time, as if it had played so far. */
export function videoAt(timeMs: number): HTMLVideoElement {
  const video = document.querySelector("video");
  if (!video) throw new Error("There is no video on the page.");
  video.currentTime = timeMs / 1000;
  video.dispatchEvent(new Event("timeupdate"));
  return video;
}
