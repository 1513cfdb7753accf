import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CrossCheck, WeekAgreement } from "../../api/types";
import { useDates } from "../../components/useDates";
import classes from "./AgreementPlot.module.css";
import { across, down, scaleOf, spread } from "./plot";

const SERIES = ["three", "five"] as const;
const MOST_DATES = 6;

/** Percent agreement week by week, beside what the authors reached in their first and last weeks. */
export function AgreementPlot({ page }: { page: CrossCheck }) {
  const { t } = useTranslation();
  const { number, day } = useDates();
  const weeks = page.weeks.filter(({ five }) => five.percent !== null);
  const { published_early: early, published_late: late } = page;
  const shown = weeks.flatMap(({ three, five }) => [three.percent ?? 100, five.percent ?? 100]);
  const { lowest, ticks } = scaleOf([...shown, early.five, early.three]);
  const first = weeks[0]?.monday ?? "";
  const last = weeks.at(-1)?.monday ?? "";
  const x = (week: WeekAgreement) => across(week.monday ?? "", first, last);
  return (
    <figure className={classes.figure}>
      <Group gap="lg" component="figcaption">
        {SERIES.map((one) => (
          <span key={one} className={classes.key} data-series={one}>
            {t(`crossCheck.${one}`)}
          </span>
        ))}
        <span className={classes.key} data-series="published">
          {t("crossCheck.published")}: {number(early.three, 1)} / {number(early.five, 1)} % → {number(late.three, 1)} /{" "}
          {number(late.five, 1)} %
        </span>
      </Group>
      <div className={classes.plot} role="img" aria-label={t("crossCheck.plot", { count: weeks.length })}>
        {ticks.map((tick) => (
          <div key={tick} className={classes.line} style={{ top: `${down(tick, lowest)}%` }}>
            <span>{tick} %</span>
          </div>
        ))}
        <svg className={classes.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {SERIES.map((one) => (
            <line
              key={`published ${one}`}
              className={classes.published}
              x1={0}
              x2={100}
              y1={down(early[one], lowest)}
              y2={down(late[one], lowest)}
            />
          ))}
          {SERIES.map((one) => (
            <polyline
              key={one}
              data-series={one}
              points={weeks.map((week) => `${x(week)},${down(week[one].percent ?? 0, lowest)}`).join(" ")}
            />
          ))}
        </svg>
        {SERIES.map((one) =>
          weeks.map((week) => (
            <span
              key={`${one} ${week.monday}`}
              className={classes.dot}
              data-series={one}
              title={`${day(week.monday ?? "")}: ${number(week[one].percent ?? 0, 1)} % (${t(`crossCheck.${one}`)})`}
              style={{ left: `${x(week)}%`, top: `${down(week[one].percent ?? 0, lowest)}%` }}
            />
          )),
        )}
        {spread(weeks, MOST_DATES).map((week) => (
          <span key={week.monday} className={classes.date} style={{ left: `${x(week)}%` }}>
            {day(week.monday ?? "")}
          </span>
        ))}
      </div>
    </figure>
  );
}
