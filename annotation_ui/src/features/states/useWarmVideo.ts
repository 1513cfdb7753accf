import { useEffect } from "react";

interface Place {
  video_url: string;
  start_ms: number;
}

/** Let the clip on screen load first. */
const WAIT_MS = 1500;

/** Have the browser load the start of a clip that comes next, so that it plays at once when it is its turn. */
export function useWarmVideo(next: Place | null | undefined): void {
  const url = next?.video_url;
  const startMs = next?.start_ms;
  useEffect(() => {
    if (url === undefined || startMs === undefined) return;
    let video: HTMLVideoElement | undefined;
    const timer = setTimeout(() => {
      video = document.createElement("video");
      video.muted = true;
      video.preload = "auto";
      video.src = `${url}#t=${startMs / 1000}`;
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      video?.removeAttribute("src");
      video?.load();
    };
  }, [url, startMs]);
}
