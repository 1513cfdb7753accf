import { Anchor, Grid, Paper, Progress, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Overview } from "../../api/types";
import { percentOf } from "../../components/percent";
import { Share } from "../../components/Share";
import { useDates } from "../../components/useDates";
import { StatusBadge } from "../episodes/AnalysisBar";

export function OverviewTab({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const { project, clips } = overview;
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Figure label={t("projects.momentsDone")} {...project.progress.moments} />
        <Figure label={t("projects.statesDone")} {...project.progress.states} />
        <Figure
          label={t("projects.clipsComplete")}
          done={clips.complete}
          total={clips.total - clips.too_long}
          note={clips.too_long > 0 ? t("projects.clipsTooLong", { count: clips.too_long }) : ""}
        />
      </SimpleGrid>
      <Grid>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Panel title={t("projects.episodes")}>
            <Table fz="sm" verticalSpacing={7}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("episodes.name")}</Table.Th>
                  <Table.Th>{t("episodes.analysis")}</Table.Th>
                  <Table.Th w="24%">{t("projects.momentsDone")}</Table.Th>
                  <Table.Th ta="right">{t("projects.clips")}</Table.Th>
                  <Table.Th w="24%">{t("projects.statesDone")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {overview.episodes.map((episode) => (
                  <Table.Tr key={episode.id}>
                    <Table.Td>
                      <Anchor component={Link} to={`/episodes/${episode.id}`} fz="sm" fw={550}>
                        {episode.title}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {episode.series}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <StatusBadge status={episode.analysis.status} />
                    </Table.Td>
                    <Table.Td>
                      <Share label={t("projects.momentsDone")} {...episode.moments} />
                    </Table.Td>
                    <Table.Td ta="right">{number(episode.clips)}</Table.Td>
                    <Table.Td>
                      <Share label={t("projects.statesDone")} {...episode.states} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Panel title={t("projects.annotators")}>
            <AnnotatorTable annotators={overview.annotators} />
          </Panel>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function AnnotatorTable({ annotators }: Pick<Overview, "annotators">) {
  const { t } = useTranslation();
  const { moment, number } = useDates();
  if (annotators.length === 0) return <Text c="dimmed">{t("projects.annotatorsNone")}</Text>;
  return (
    <Table fz="sm" verticalSpacing={7}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("projects.annotator")}</Table.Th>
          <Table.Th ta="right">{t("projects.momentsDone")}</Table.Th>
          <Table.Th ta="right">{t("home.allClips")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {annotators.map((one) => (
          <Table.Tr key={one.username}>
            <Table.Td>
              <Text size="sm" fw={550}>
                {one.full_name || one.username}
              </Text>
              <Text size="xs" c="dimmed">
                {t("projects.lastSeen")}: {one.last_finished_at ? moment(one.last_finished_at) : t("projects.never")}
              </Text>
            </Table.Td>
            <Table.Td ta="right">{number(one.moments_done)}</Table.Td>
            <Table.Td ta="right">{number(one.states_done)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Figure({ label, done, total, note = "" }: { label: string; done: number; total: number; note?: string }) {
  const { number } = useDates();
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={28} fw={650} lh={1.3} style={{ fontVariantNumeric: "tabular-nums" }}>
        {number(done)}
        <Text span size="md" c="dimmed" fw={500}>
          {` / ${number(total)}`}
        </Text>
        {note && (
          <Text span size="xs" c="dimmed" fw={500}>
            {`  ${note}`}
          </Text>
        )}
      </Text>
      <Progress
        value={percentOf(done, total)}
        size="sm"
        color={total > 0 && done >= total ? "teal" : "ink"}
        aria-label={label}
      />
    </Paper>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)" h="100%">
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
