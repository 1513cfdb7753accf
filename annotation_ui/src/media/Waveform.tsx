import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { barsOf, peaksQuery, type WaveformSource } from "./peaks";
import type { Window } from "./ruler";
import classes from "./Waveform.module.css";

interface Props {
  /** `media.waveform` of the episode; null draws nothing. */
  source: WaveformSource | null;
  /** What part of the episode the width of the box stands for. */
  window: Window;
}

/** How loud it is, as a picture that fills its box. It decides nothing: clicks go to what lies below it. */
export function Waveform({ source, window: [startMs, endMs] }: Props) {
  const { data: peaks } = useQuery(peaksQuery(source));
  const { ref: box, width, height } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme();
  const rateHz = source?.rate_hz ?? 1;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colour scheme decides what the style sheet says
  useEffect(() => {
    if (canvas.current && peaks && width > 0) {
      draw(canvas.current, barsOf(peaks, rateHz, [startMs, endMs], Math.floor(width)), height);
    }
  }, [peaks, rateHz, startMs, endMs, width, height, scheme]);

  return (
    <div ref={box} style={{ width: "100%", height: "100%" }} aria-hidden>
      <canvas ref={canvas} className={classes.waveform} />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, bars: Float32Array, height: number) {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(bars.length * density);
  canvas.height = Math.round(height * density);
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(density, density);
  pen.fillStyle = getComputedStyle(canvas).color;
  bars.forEach((bar, column) => {
    const tall = Math.max(bar * (height - 2), 1);
    pen.fillRect(column, (height - tall) / 2, 1, tall);
  });
}
