import { Paper, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MomentCounts, MomentsReport } from "../../../api/types";
import { ErrorPanel } from "../../../components/ErrorPanel";
import { useDates } from "../../../components/useDates";
import { ClipSums } from "./ClipSums";
import { momentsReportQuery } from "./queries";

/** What came of the moments: clips, duplicates, too long; by episode and by annotator, with each one's delay. */
export function MomentsTab({ project }: { project: number }) {
  const report = useQuery(momentsReportQuery(project));
  if (report.isPending) return <Skeleton height={260} radius="md" />;
  if (report.isError) return <ErrorPanel error={report.error} onRetry={() => void report.refetch()} />;
  return <Report report={report.data} />;
}

function Report({ report }: { report: MomentsReport }) {
  const { t } = useTranslation();
  if (report.total.turns === 0 && report.annotators.length === 0) return <Text c="dimmed">{t("report.none")}</Text>;
  return (
    <Stack gap="md">
      <ClipSums counts={report.total} time={report.moment_time} />
      <Panel title={t("report.episodes")}>
        <CountTable
          label={t("report.episodes")}
          first={t("report.episode")}
          rows={report.episodes.map((one) => ({ key: one.id, name: one.name, counts: one.counts }))}
          extraHeads={[]}
        />
      </Panel>
      <Panel title={t("report.annotators")}>
        <Annotators report={report} />
      </Panel>
    </Stack>
  );
}

function Annotators({ report }: { report: MomentsReport }) {
  const { t } = useTranslation();
  const { day } = useDates();
  return (
    <CountTable
      label={t("report.annotators")}
      first={t("projects.annotator")}
      rows={report.annotators.map(({ username, counts, calibration }) => ({
        key: username,
        name: username,
        counts,
        extras: calibration
          ? [
              t("calibration.ms", { ms: calibration.delay_ms }),
              t("calibration.ms", { ms: calibration.spread_ms }),
              day(calibration.created_at),
            ]
          : [t("report.unmeasured"), "", ""],
      }))}
      extraHeads={[t("report.delay"), t("calibration.spread"), t("report.measured")]}
    />
  );
}

interface Row {
  key: string | number;
  name: string;
  counts: MomentCounts;
  extras?: string[];
}

interface TableProps {
  label: string;
  first: string;
  rows: readonly Row[];
  extraHeads: readonly string[];
}

const COUNTS = ["moments", "waiting", "clips", "duplicates", "too_long", "removed"] as const;

function CountTable({ label, first, rows, extraHeads }: TableProps) {
  const { t } = useTranslation();
  const { number } = useDates();
  const share = (value: number | null) => (value === null ? "–" : `${number(100 * value)} %`);
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table fz="sm" verticalSpacing={6} aria-label={label} style={{ fontVariantNumeric: "tabular-nums" }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{first}</Table.Th>
            {COUNTS.map((name) => (
              <Table.Th key={name} ta="right">
                {t(`report.${name}`)}
              </Table.Th>
            ))}
            <Table.Th ta="right">{t("report.perMinute")}</Table.Th>
            <Table.Th ta="right">{t("report.watched")}</Table.Th>
            {extraHeads.map((head) => (
              <Table.Th key={head} ta="right">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Td>{row.name}</Table.Td>
              {COUNTS.map((name) => (
                <Table.Td key={name} ta="right">
                  {number(row.counts[name])}
                </Table.Td>
              ))}
              <Table.Td ta="right">{row.counts.per_minute === null ? "–" : number(row.counts.per_minute, 2)}</Table.Td>
              <Table.Td ta="right">{share(row.counts.watched_share)}</Table.Td>
              {row.extras?.map((extra, place) => (
                <Table.Td key={extraHeads[place]} ta="right">
                  {extra}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
