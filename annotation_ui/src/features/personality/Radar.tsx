import { useTranslation } from "react-i18next";
import { useDates } from "../../components/useDates";
import { HIGHEST, LOWEST } from "./course";
import classes from "./Radar.module.css";
import { outline, pointOn, shareOf } from "./radar";

export interface Axis {
  key: string;
  name: string;
  values: Readonly<Record<string, number | null>>;
}

const RADIUS = 128;
const LABEL_AT = 1.12;
const WIDTH = 540;
const HEIGHT = 330;

/** Numbers from 1 to 5 on axes around a middle; each series has a colour of its own. */
export function Radar({ label, axes, series }: { label: string; axes: readonly Axis[]; series: readonly string[] }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const place = (axis: number, share: number) => pointOn(axis, axes.length, share, RADIUS);
  return (
    <svg
      className={classes.radar}
      viewBox={`${-WIDTH / 2} ${-HEIGHT / 2} ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}. ${axes
        .map(({ name, values }) => {
          const value = series.map((one) => values[one]).find((one) => one != null);
          return value == null
            ? t("personality.scaleNone", { name })
            : t("personality.scale", { name, score: number(value, 1) });
        })
        .join("; ")}`}
    >
      {[0.25, 0.5, 0.75, 1].map((share) => (
        <path key={share} className={classes.ring} d={outline(axes.map((_, axis) => place(axis, share)))} />
      ))}
      {axes.map(({ key, name }, axis) => {
        const [x, y] = place(axis, 1);
        const [labelX, labelY] = place(axis, LABEL_AT);
        const side = Math.abs(labelX) < 8 ? "middle" : labelX > 0 ? "start" : "end";
        return (
          <g key={key}>
            <line className={classes.axis} x2={x} y2={y} />
            <text className={classes.name} x={labelX} y={labelY} textAnchor={side} dominantBaseline="central">
              {name}
            </text>
          </g>
        );
      })}
      {series.map((one) => {
        const points = axes.map(({ values }, axis) => {
          const value = values[one];
          return value == null ? null : place(axis, shareOf(value, LOWEST, HIGHEST));
        });
        return (
          <g key={one} data-series={one} className={classes.series}>
            <path className={classes.area} d={outline(points)} />
            {points.map(
              (point, axis) =>
                point && <circle key={axes[axis]?.key} className={classes.dot} cx={point[0]} cy={point[1]} r={3.4} />,
            )}
          </g>
        );
      })}
    </svg>
  );
}
