import { Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ReleaseStatistics } from "../../api/types";
import { useDates } from "../../components/useDates";
import classes from "./Histogram.module.css";

type Numbers = ReleaseStatistics["histograms"][number];

/** Milliseconds are read as seconds. */
const SCALE: Readonly<Partial<Record<Numbers["name"], number>>> = { duration_ms: 1 / 1000 };

/** Counts between edges as columns, with mean and median in words. */
export function Histogram({ numbers }: { numbers: Numbers }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const { name, counts, edges, known, mean, median } = numbers;
  const scale = SCALE[name] ?? 1;
  const shown = (value: number | null) => (value === null ? "–" : number(value * scale, 2));
  const edge = (place: number) => String(Number(((edges[place] ?? 0) * scale).toFixed(1)));
  const highest = Math.max(...counts, 1);
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)" aria-label={t(`statistics.${name}`)}>
      <Title order={3} size="h6">
        {t(`statistics.${name}`)}
      </Title>
      <Text size="xs" c="dimmed" mb="xs">
        {t("statistics.middle", { mean: shown(mean), median: shown(median), count: known })}
      </Text>
      <ol className={classes.columns}>
        {counts.map((count, place) => {
          const span = `${edge(place)}–${edge(place + 1)}`;
          return (
            <li key={span} className={classes.column} title={`${span}: ${number(count)}`}>
              <span className={classes.count}>{count > 0 ? number(count) : ""}</span>
              <span className={classes.bar} style={{ height: `calc((100% - 30px) * ${count / highest})` }} />
              <span className={classes.edge}>{edge(place)}</span>
              <span className={classes.hidden}>{`${span}: ${count}`}</span>
            </li>
          );
        })}
      </ol>
    </Paper>
  );
}
