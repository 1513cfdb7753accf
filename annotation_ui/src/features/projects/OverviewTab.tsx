import { Grid, Paper, Progress, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentKind, Overview } from "../../api/types";
import { percentOf } from "../../components/percent";
import { useDates } from "../../components/useDates";
import { STEPS } from "../../turn/steps";
import { EpisodeTable } from "./EpisodeTable";
import { STEP_NAMES } from "./stepNames";

export function OverviewTab({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const { project, clips } = overview;
  const [ofEpisodes, ofClips] = STEPS[project.protocol];
  const notes = [
    clips.too_long > 0 && t("projects.clipsTooLong", { count: clips.too_long }),
    clips.dropped > 0 && t("projects.clipsDropped", { count: clips.dropped }),
  ];
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Figure label={t(STEP_NAMES[ofEpisodes])} {...project.progress[ofEpisodes]} />
        <Figure label={t(STEP_NAMES[ofClips])} {...project.progress[ofClips]} />
        <Figure
          label={t("projects.clipsComplete")}
          done={clips.complete}
          total={clips.total - clips.too_long - clips.dropped}
          note={notes.filter(Boolean).join(", ")}
        />
      </SimpleGrid>
      <Grid>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Panel title={t("projects.episodes")}>
            <EpisodeTable project={project.id} steps={[ofEpisodes, ofClips]} />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Panel title={t("projects.annotators")}>
            <AnnotatorTable annotators={overview.annotators} steps={[ofEpisodes, ofClips]} />
          </Panel>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

interface AnnotatorProps extends Pick<Overview, "annotators"> {
  steps: readonly [AssignmentKind, AssignmentKind];
}

function AnnotatorTable({ annotators, steps }: AnnotatorProps) {
  const { t } = useTranslation();
  const { moment, number } = useDates();
  if (annotators.length === 0) return <Text c="dimmed">{t("projects.annotatorsNone")}</Text>;
  return (
    <Table fz="sm" verticalSpacing={7}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("projects.annotator")}</Table.Th>
          <Table.Th ta="right">{t(STEP_NAMES[steps[0]])}</Table.Th>
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
            <Table.Td ta="right">{number(one[`${steps[0]}_done`])}</Table.Td>
            <Table.Td ta="right">{number(one[`${steps[1]}_done`])}</Table.Td>
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
