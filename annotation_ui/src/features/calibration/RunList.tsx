import { Badge, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Calibration } from "../../api/types";
import { useDates } from "../../components/useDates";

/** Earlier runs, newest first; the one that counts is named. */
export function RunList({ runs, current }: { runs: readonly Calibration[]; current: number | undefined }) {
  const { t } = useTranslation();
  const { moment } = useDates();
  if (runs.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h6" mb={4}>
        {t("calibration.runs")}
      </Title>
      <Table fz="sm" verticalSpacing={5} aria-label={t("calibration.runs")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("calibration.when")}</Table.Th>
            <Table.Th ta="right">{t("calibration.delay")}</Table.Th>
            <Table.Th ta="right">{t("calibration.spread")}</Table.Th>
            <Table.Th ta="right">{t("calibration.hits")}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>{moment(run.created_at)}</Table.Td>
              <Table.Td ta="right">{run.delay_ms === null ? "–" : t("calibration.ms", { ms: run.delay_ms })}</Table.Td>
              <Table.Td ta="right">
                {run.spread_ms === null ? "–" : t("calibration.ms", { ms: run.spread_ms })}
              </Table.Td>
              <Table.Td ta="right">{t("home.of", { done: run.hits, total: run.delays_ms.length })}</Table.Td>
              <Table.Td ta="right">
                {run.id === current && (
                  <Badge variant="light" color="teal" tt="none">
                    {t("calibration.counts")}
                  </Badge>
                )}
                {!run.usable && (
                  <Text size="xs" c="dimmed">
                    {t("calibration.unusable")}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
