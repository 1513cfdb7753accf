import { Badge, Checkbox, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EmotionSet } from "../../api/types";
import { useDates } from "../../components/useDates";
import { useEmotionName } from "../../components/useEmotionName";
import classes from "./EmotionFlow.module.css";
import { classesOf, familiesOf, flowsOf, NEUTRAL } from "./emotionSet";

const ROW = 30;
/** How thick the ribbon of the most frequent label is. */
const THICKEST = 22;
const WIDTH = 100;

interface Props {
  labels: EmotionSet["labels"];
  kept: readonly string[];
  /** Classes with fewer samples are marked as rare. */
  rareBelow: number;
  onToggle: (name: string) => void;
}

/**
 * What annotators agreed on, left, flows into the classes of a release, right. Every label keeps its row on both sides,
 * so that nothing moves when one is chosen or not: a label that is not kept bends into the row of its primary emotion.
 */
export function EmotionFlow({ labels, kept, rareBelow, onToggle }: Props) {
  const { t } = useTranslation();
  const { number } = useDates();
  const emotion = useEmotionName();
  const name = (label: string) => (label === NEUTRAL ? t("emotionSet.neutral") : emotion(label));
  const families = familiesOf(labels);
  const rows = families.flatMap(({ primary, labels: members }) =>
    members.map((label, place) => ({ ...label, primary, isFirst: place === 0 })),
  );
  const place = new Map(rows.map((row, at) => [row.name, at]));
  const flows = flowsOf(labels, kept);
  const after = classesOf(flows);
  const most = Math.max(1, ...rows.map((row) => row.samples), ...after.values());
  const share = (samples: number) => `${(100 * samples) / most}%`;
  return (
    <div className={classes.picture}>
      <div className={classes.heading}>{t("emotionSet.before")}</div>
      <div />
      <div className={classes.heading}>{t("emotionSet.after", { count: after.size })}</div>
      <fieldset
        className={`${classes.side} ${classes.before}`}
        style={{ gridAutoRows: ROW, border: 0, margin: 0, padding: 0 }}
        aria-label={t("emotionSet.choose")}
      >
        {rows.map(({ name: label, primary, samples, isFixed, isFirst }) => (
          <div key={label} className={classes.row} data-family={primary} data-first={isFirst || undefined}>
            <span className={classes.bar} style={{ width: share(samples) }} />
            {isFixed ? (
              <Tooltip label={t("emotionSet.fixed")} openDelay={400} withArrow position="right">
                <span className={`${classes.tick} ${classes.fixed}`}>{name(label)}</span>
              </Tooltip>
            ) : (
              <Checkbox
                size="xs"
                className={classes.tick ?? ""}
                styles={{ label: { fontSize: 13.5 } }}
                label={name(label)}
                aria-label={t("emotionSet.keep", { name: name(label), count: samples })}
                checked={kept.includes(label)}
                onChange={() => onToggle(label)}
              />
            )}
            <span className={classes.name} />
            <span className={classes.count}>{number(samples)}</span>
          </div>
        ))}
      </fieldset>
      <svg
        className={classes.ribbons}
        viewBox={`0 0 ${WIDTH} ${rows.length * ROW}`}
        height={rows.length * ROW}
        preserveAspectRatio="none"
        aria-hidden
      >
        {flows
          .filter((flow) => flow.samples > 0)
          .map(({ label, into, samples }) => (
            <path
              key={label}
              className={classes.ribbon}
              data-family={rows[place.get(label) ?? 0]?.primary}
              data-into={into}
              d={ribbon(place.get(label) ?? 0, place.get(into) ?? 0)}
              strokeWidth={Math.max(1.5, (THICKEST * samples) / most)}
              vectorEffect="non-scaling-stroke"
            />
          ))}
      </svg>
      <ul
        className={`${classes.side} ${classes.after}`}
        style={{ gridAutoRows: ROW, listStyle: "none", margin: 0, padding: 0 }}
        aria-label={t("emotionSet.after", { count: after.size })}
      >
        {rows.map(({ name: label, primary, isFirst }) => {
          const samples = after.get(label);
          return (
            <li
              key={label}
              className={classes.row}
              data-family={primary}
              data-first={isFirst || undefined}
              aria-hidden={samples === undefined || undefined}
            >
              {samples !== undefined && (
                <>
                  <span className={classes.bar} style={{ width: share(samples) }} />
                  <span className={classes.name}>{name(label)}</span>
                  {samples < rareBelow && (
                    <Badge size="xs" color="orange" variant="light" tt="none">
                      {t(samples === 0 ? "emotionSet.empty" : "emotionSet.rare")}
                    </Badge>
                  )}
                  <span className={classes.count}>{number(samples)}</span>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** From the middle of one row on the left to the middle of one on the right. */
function ribbon(from: number, to: number): string {
  const [start, end] = [(from + 0.5) * ROW, (to + 0.5) * ROW];
  return `M0 ${start}C${WIDTH / 2} ${start} ${WIDTH / 2} ${end} ${WIDTH} ${end}`;
}
