import { Paper, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { MomentAgreement } from "../../../api/types";
import { useDates } from "../../../components/useDates";
import { momentsReportQuery } from "./queries";

/** How far annotators agree on moments; nothing where no episode was marked by two. */
export function MomentAgreementPanel({ project }: { project: number }) {
  const report = useQuery(momentsReportQuery(project));
  const agreement = report.data?.agreement;
  return agreement && agreement.pairs.length > 0 ? <Pairs agreement={agreement} /> : null;
}

function Pairs({ agreement }: { agreement: MomentAgreement }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const shown = (value: number | null) => (value === null ? "–" : number(value, 3));
  const offset = (ms: number | null) => {
    if (ms === null) return "–";
    return t(ms < 0 ? "report.earlier" : "report.later", { ms: Math.abs(ms) });
  };
  const seconds = number(agreement.tolerance_ms / 1000, 1);
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5">
        {t("report.agreement")}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("report.agreementLead", { seconds })}
      </Text>
      <Table.ScrollContainer minWidth={720}>
        <Table
          fz="sm"
          verticalSpacing={6}
          aria-label={t("report.agreement")}
          style={{ fontVariantNumeric: "tabular-nums" }}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("agreement.pair")}</Table.Th>
              <Table.Th ta="right">{t("report.bothFinished")}</Table.Th>
              <Table.Th ta="right">{t("report.moments")}</Table.Th>
              <Table.Th ta="right">{t("report.matched")}</Table.Th>
              <Table.Th ta="right">{t("report.precision")}</Table.Th>
              <Table.Th ta="right">{t("report.recall")}</Table.Th>
              <Table.Th ta="right">F1</Table.Th>
              <Table.Th ta="right">{t("report.second")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {agreement.pairs.map((pair) => (
              <Table.Tr key={`${pair.first} ${pair.second}`}>
                <Table.Td>
                  {pair.first} · {pair.second}
                </Table.Td>
                <Table.Td ta="right">{number(pair.episodes)}</Table.Td>
                <Table.Td ta="right">
                  {number(pair.first_moments)} · {number(pair.second_moments)}
                </Table.Td>
                <Table.Td ta="right">{number(pair.matched)}</Table.Td>
                <Table.Td ta="right">{shown(pair.precision)}</Table.Td>
                <Table.Td ta="right">{shown(pair.recall)}</Table.Td>
                <Table.Td ta="right">{shown(pair.f1)}</Table.Td>
                <Table.Td ta="right">{offset(pair.offset_ms)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th>{t("report.mean")}</Table.Th>
              <Table.Th ta="right">{number(agreement.episodes)}</Table.Th>
              <Table.Th colSpan={2} />
              <Table.Th ta="right">{shown(agreement.precision)}</Table.Th>
              <Table.Th ta="right">{shown(agreement.recall)}</Table.Th>
              <Table.Th ta="right">{shown(agreement.f1)}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" mt="xs">
        {t("report.alpha", { alpha: shown(agreement.krippendorff_alpha) })}
      </Text>
    </Paper>
  );
}
