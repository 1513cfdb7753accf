import { useEffect, useRef } from "react";
import type { ClipLine, EpisodeMedia } from "../../api/types";
import type { Thumbnails } from "../../media/thumbnails";
import classes from "./LineList.module.css";

interface Props {
  line: ClipLine;
  /** x, y, width, height in pixels of the proxy. */
  box: readonly number[];
  media: EpisodeMedia;
  thumbnails: Thumbnails;
  label: string;
}

/** Around the words, so that none is cut by a narrow box. */
const MARGIN_PX = 6;
const HEIGHT_PX = 64;
const WIDEST_PX = 1200;

/** The part of the frame in the middle of a line in which its words were read, cut out of the video. */
export function OcrCrop({ line, box, media, thumbnails, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [x = 0, y = 0, w = 1, h = 1] = box;
  const left = Math.max(0, x - MARGIN_PX);
  const top = Math.max(0, y - MARGIN_PX);
  const width = Math.min(media.width, x + w + MARGIN_PX) - left;
  const height = Math.min(media.height, y + h + MARGIN_PX) - top;
  const middle = (line.start_ms + line.end_ms) / 2;
  useEffect(() => {
    if (!canvas.current) return;
    return thumbnails.want(canvas.current, middle, {
      x: left / media.width,
      y: top / media.height,
      width: width / media.width,
      height: height / media.height,
    });
  }, [thumbnails, middle, left, top, width, height, media.width, media.height]);
  const wide = Math.min(WIDEST_PX, Math.round((HEIGHT_PX * width) / height));
  return <canvas ref={canvas} className={classes.crop} width={wide} height={HEIGHT_PX} role="img" aria-label={label} />;
}
