import { Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SeedResult } from "../../api/types";
import classes from "./Confusion.module.css";
import { shareOfRow } from "./curves";
import { useClassName } from "./useClassName";

const DARK_FROM = 0.5;

/** Rows are true, columns are said; the colour is the share of the row. */
export function Confusion({ result }: { result: SeedResult }) {
  const { t } = useTranslation();
  const className = useClassName();
  const names = result.test.per_class.map(({ name }) => className(name));
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5">
        {t("runs.confusion")}
      </Title>
      <Text size="xs" c="dimmed" mb="xs">
        {t("runs.confusionLead")}
      </Text>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label={t("runs.confusion")}>
          <thead>
            <tr>
              <th scope="col" className={classes.row}>
                {t("runs.true")} ↓ {t("runs.said")} →
              </th>
              {names.map((name) => (
                <th key={name} scope="col" className={classes.column}>
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {result.confusion.map((counts, row) => (
              <tr key={names[row]}>
                <th scope="row" className={classes.row}>
                  {names[row]}
                </th>
                {counts.map((count, column) => {
                  const share = shareOfRow(counts, count);
                  return (
                    <td
                      key={names[column]}
                      className={classes.cell}
                      style={{ "--share": share } as React.CSSProperties}
                      title={t("runs.cell", { true: names[row], said: names[column], count })}
                      {...(share > DARK_FROM && { "data-dark": true })}
                      {...(row === column && { "data-right": true })}
                    >
                      {count || ""}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Paper>
  );
}
