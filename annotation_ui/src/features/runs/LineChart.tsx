import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useDates } from "../../components/useDates";
import { type Line, niceTicks, pathOf } from "./curves";
import classes from "./LineChart.module.css";

const WIDTH = 480;
const HEIGHT = 220;
const LEFT = 40;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 24;

interface Props {
  title: string;
  lines: readonly (Line & { name: string })[];
  /** Decimals of the values in the legend. */
  digits: number;
  /** After which epochs a stage ends. */
  borders: readonly number[];
  /** The epoch that was chosen, counted over all stages. */
  chosen: number | undefined;
}

/** Values by epoch, with a legend that tells the last ones. */
export function LineChart({ title, lines, digits, borders, chosen }: Props) {
  const { t } = useTranslation();
  const { number } = useDates();
  const values = lines.flatMap((line) => [...line.values]);
  const epochs = Math.max(...lines.map((line) => line.values.length));
  const ticks = niceTicks(Math.min(...values), Math.max(...values));
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const x = (place: number) => LEFT + ((WIDTH - LEFT - RIGHT) * place) / Math.max(1, epochs - 1);
  const y = (value: number) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / (high - low);
  const tickDigits = high - low < 0.5 ? 2 : high - low < 5 ? 1 : 0;
  const last = lines.map(({ name, values: of }) => `${name} ${number(of.at(-1) ?? 0, digits)}`).join(", ");
  return (
    <figure style={{ margin: 0 }}>
      <Text component="figcaption" size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={t("runs.curve", { measure: title, values: last })}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={classes.grid} x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text className={classes.tick} x={LEFT - 6} y={y(tick)} textAnchor="end" dominantBaseline="central">
              {number(tick, tickDigits)}
            </text>
          </g>
        ))}
        {borders.map((after) => (
          <line key={after} className={classes.border} x1={x(after)} x2={x(after)} y1={TOP} y2={HEIGHT - BOTTOM} />
        ))}
        {chosen !== undefined && (
          <line className={classes.chosen} x1={x(chosen - 1)} x2={x(chosen - 1)} y1={TOP} y2={HEIGHT - BOTTOM} />
        )}
        {lines.map((line, place) => (
          <path key={line.measure} className={classes.line} data-line={place} d={pathOf(line.values, x, y)} />
        ))}
        {[1, epochs].map((epoch, place) => (
          <text
            key={place === 0 ? "first" : "last"}
            className={classes.tick}
            x={place === 0 ? LEFT : WIDTH - RIGHT}
            y={HEIGHT - 6}
            textAnchor={place === 0 ? "start" : "end"}
          >
            {place === 0 ? `${t("runs.epoch")} ${epoch}` : epochs > 1 && epoch}
          </text>
        ))}
      </svg>
      <Group gap="md" mt={2}>
        {lines.map(({ measure, name, values: of }, place) => (
          <Text key={measure} size="xs" c="dimmed">
            <span className={classes.swatch} data-line={place} /> {name} {number(of.at(-1) ?? 0, digits)}
          </Text>
        ))}
      </Group>
    </figure>
  );
}
