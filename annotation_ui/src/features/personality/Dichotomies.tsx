import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useDates } from "../../components/useDates";
import { HIGHEST, LOWEST } from "./course";
import classes from "./Dichotomies.module.css";
import { shareOf } from "./radar";

export interface Dichotomy {
  key: string;
  name: string;
  low: string;
  high: string;
  values: Readonly<Record<string, number | null>>;
}

/** Scales with two named ends: a number stands nearer to one of them. */
export function Dichotomies({ rows, series }: { rows: readonly Dichotomy[]; series: readonly string[] }) {
  const { t } = useTranslation();
  const { number } = useDates();
  return (
    <ul className={classes.rows}>
      {rows.map(({ key, name, low, high, values }) => {
        const value = series.map((one) => values[one]).find((one) => one != null);
        return (
          <li
            key={key}
            className={classes.row}
            aria-label={
              value == null
                ? t("personality.scaleNone", { name })
                : t("personality.scale", { name, score: number(value, 1) })
            }
          >
            <Text size="sm" ta="right" fw={value != null && value < 3 ? 650 : 450}>
              {low}
            </Text>
            <div className={classes.track}>
              {series.map((one) => {
                const at = values[one];
                if (at == null) return null;
                const left = `${100 * shareOf(at, LOWEST, HIGHEST)}%`;
                return <span key={one} className={classes.dot} data-series={one} style={{ left }} />;
              })}
            </div>
            <Text size="sm" fw={value != null && value > 3 ? 650 : 450}>
              {high}
            </Text>
          </li>
        );
      })}
    </ul>
  );
}
