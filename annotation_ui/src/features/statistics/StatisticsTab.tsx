import { Group, Select, SimpleGrid, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReleaseStatistics } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useDates } from "../../components/useDates";
import { releasesQuery } from "../projects/queries";
import { CountTable } from "./CountTable";
import { Histogram } from "./Histogram";
import { InteractionExamples } from "./InteractionExamples";
import { statisticsQuery } from "./queries";

/** What a release holds in numbers, as the paper's Table 2 and Figures 2 and 3 show them. */
export function StatisticsTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const releases = useQuery(releasesQuery(project));
  const [chosen, setChosen] = useState<string | null>(null);
  const ready = releases.data?.results.filter(({ status }) => status === "done") ?? [];
  const release = ready.find(({ id }) => String(id) === chosen) ?? ready[0];
  const statistics = useQuery({ ...statisticsQuery(release?.id ?? 0), enabled: release !== undefined });
  if (releases.isError) return <ErrorPanel error={releases.error} onRetry={() => void releases.refetch()} />;
  if (releases.data && !release) return <Text c="dimmed">{t("statistics.none")}</Text>;
  return (
    <Stack gap="md">
      <Group>
        <Select
          label={t("statistics.release")}
          data={ready.map(({ id, number }) => ({ value: String(id), label: t("releases.number", { number }) }))}
          value={release ? String(release.id) : null}
          onChange={setChosen}
          allowDeselect={false}
          w={220}
        />
      </Group>
      {statistics.isError && <ErrorPanel error={statistics.error} onRetry={() => void statistics.refetch()} />}
      {statistics.data ? <Numbers statistics={statistics.data} /> : <Skeleton height={420} radius="md" />}
    </Stack>
  );
}

function Numbers({ statistics }: { statistics: ReleaseStatistics }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const { clips, episodes, total_ms } = statistics;
  const dropped = statistics.dropped.filter((row) => row.clips > 0);
  return (
    <Stack gap="md">
      <Text>
        {t("statistics.size", {
          clips: number(clips.all),
          episodes: number(episodes),
          hours: number(total_ms / 3_600_000, 1),
          train: number(clips.train),
          test: number(clips.test),
        })}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <CountTable
          title={t("statistics.five")}
          rows={statistics.five}
          nameOf={(name) => t(`relationships.${name as Relationship}`)}
        />
        <CountTable
          title={t("statistics.interactions")}
          rows={statistics.interaction}
          nameOf={(name) => t(`statistics.${name as Interaction}`)}
        />
        <CountTable
          title={t("statistics.three")}
          rows={statistics.three}
          nameOf={(name) => t(`relationships.${name as Sign}`)}
        />
        <CountTable title={t("statistics.series")} rows={statistics.series} nameOf={(name) => name} />
        {statistics.histograms.map((one) => (
          <Histogram key={one.name} numbers={one} />
        ))}
        <InteractionExamples examples={statistics.examples} />
      </SimpleGrid>
      {dropped.length > 0 && (
        <Table fz="sm" maw={560} aria-label={t("statistics.dropped")}>
          <Table.Caption>{t("statistics.dropped")}</Table.Caption>
          <Table.Tbody>
            {dropped.map(({ reason, clips: count }) => (
              <Table.Tr key={reason}>
                <Table.Th scope="row" fw={500}>
                  {t(`statistics.drop_${reason}`)}
                </Table.Th>
                <Table.Td ta="right">{number(count)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

type Relationship = "hostile" | "tense" | "neutral" | "mild" | "intimate";
type Sign = "negative" | "neutral" | "positive";
type Interaction = ReleaseStatistics["examples"][number]["interaction"];
