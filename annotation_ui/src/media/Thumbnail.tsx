import { useEffect, useRef } from "react";
import classes from "./Thumbnail.module.css";
import { THUMBNAIL, type Thumbnails } from "./thumbnails";

/** A small picture of a video at a time, cut as soon as it is seen. */
export function Thumbnail({ thumbnails, timeMs }: { thumbnails: Thumbnails; timeMs: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    if (typeof IntersectionObserver === "undefined") return thumbnails.want(target, timeMs);
    let stop: (() => void) | undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting || stop) return;
      observer.disconnect();
      stop = thumbnails.want(target, timeMs);
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
      stop?.();
    };
  }, [thumbnails, timeMs]);
  return <canvas ref={canvas} className={classes.picture} {...THUMBNAIL} aria-hidden />;
}
