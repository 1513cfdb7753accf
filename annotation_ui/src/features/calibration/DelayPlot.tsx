import { useTranslation } from "react-i18next";
import type { Calibration } from "../../api/types";
import classes from "./DelayPlot.module.css";

/** Answers later than this are drawn at the edge. */
const LONGEST_MS = 1000;
const TICKS = [0, 250, 500, 750, 1000] as const;

const place = (ms: number) => `${(100 * Math.min(Math.max(ms, 0), LONGEST_MS)) / LONGEST_MS}%`;

/** Each answer as a dot on a line of time since the change, with the median and the spread. */
export function DelayPlot({ run }: { run: Calibration }) {
  const { t } = useTranslation();
  const { delay_ms: delay, spread_ms: spread } = run;
  const answered = run.delays_ms.flatMap((one, onset) => (one === null ? [] : [{ onset, ms: one }]));
  return (
    <div className={classes.plot} role="img" aria-label={t("calibration.plot", { count: answered.length })}>
      {delay !== null && (
        <>
          <div
            className={classes.spread}
            style={{
              left: place(delay - (spread ?? 0)),
              right: `calc(100% - ${place(delay + (spread ?? 0))})`,
            }}
          />
          <div className={classes.median} style={{ left: place(delay) }} />
        </>
      )}
      {answered.map(({ onset, ms }) => (
        <div key={onset} className={classes.dot} style={{ left: place(ms), top: `${12 + (onset % 3) * 14}px` }} />
      ))}
      {TICKS.map((tick) => (
        <span key={tick} className={classes.tick} style={{ left: place(tick) }}>
          {tick}
        </span>
      ))}
    </div>
  );
}
