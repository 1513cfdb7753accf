import { Anchor, Badge, Button, Group, Paper, Progress, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TrainingRun } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { useDates } from "../../components/useDates";
import { StatusBadge } from "../episodes/AnalysisBar";
import { releasesQuery } from "../projects/queries";
import { isBusy, PAGE_SIZE, runsQuery } from "./queries";
import { TrainDialog } from "./TrainDialog";
import { useRunText } from "./useRunText";

/** All models that were trained on a project's releases, beside one another. */
export function RunsTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const [asking, setAsking] = useState(false);
  const runs = useQuery(runsQuery(project, page));
  const releases = useQuery(releasesQuery(project));
  const done = releases.data?.results.filter(({ status }) => status === "done") ?? [];
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" wrap="nowrap">
        <Text size="sm" c="dimmed" maw={720}>
          {t("runs.lead")}
        </Text>
        <Button
          leftSection={<IconPlus size={17} />}
          disabled={done.length === 0}
          onClick={() => setAsking(true)}
          style={{ flexShrink: 0 }}
        >
          {t("runs.train")}
        </Button>
      </Group>
      {runs.isPending && <Skeleton height={240} radius="md" />}
      {runs.isError && <ErrorPanel error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.data?.count === 0 && (
        <Text c="dimmed">{t(releases.data && done.length === 0 ? "runs.noRelease" : "runs.none")}</Text>
      )}
      {runs.data && runs.data.count > 0 && (
        <Paper withBorder radius="lg" bg="var(--panel)" p="sm">
          <Table verticalSpacing={8} aria-label={t("runs.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("runs.model")}</Table.Th>
                <Table.Th>{t("runs.release")}</Table.Th>
                <Table.Th w="22%">{t("runs.status")}</Table.Th>
                <Table.Th ta="right">{t("runs.weighted")}</Table.Th>
                <Table.Th ta="right">{t("runs.constant")}</Table.Th>
                <Table.Th ta="right">{t("runs.scores.micro_f1")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runs.data.results.map((run) => (
                <RunRow key={run.id} project={project} run={run} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      <Pages count={runs.data?.count} size={PAGE_SIZE} page={page} onPage={setPage} />
      <TrainDialog project={project} releases={done} opened={asking} onClose={() => setAsking(false)} />
    </Stack>
  );
}

function RunRow({ project, run }: { project: number; run: TrainingRun }) {
  const { t } = useTranslation();
  const { moment, number } = useDates();
  const texts = useRunText();
  const { summary } = run;
  const value = (score: "weighted_f1" | "micro_f1") => {
    if (!summary) return "–";
    const spread = run.options.seeds > 1 ? ` ± ${number(100 * summary.deviation[score], 1)}` : "";
    return `${number(100 * summary.mean[score], 1)}${spread}`;
  };
  return (
    <Table.Tr style={{ verticalAlign: "top", fontVariantNumeric: "tabular-nums" }}>
      <Table.Td>
        <Anchor
          component={Link}
          to={`/projects/${project}/models/${run.id}`}
          size="sm"
          fw={550}
          aria-label={t("runs.link", { number: run.number, title: run.title })}
        >
          {run.title}
        </Anchor>
        <Group gap={4} mt={2}>
          {texts(run.options).map((text) => (
            <Badge key={text} variant="default" tt="none" size="sm">
              {text}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{t("releases.number", { number: run.release.number })}</Text>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={run.status} />
        {isBusy(run.status) ? (
          <>
            <Progress
              mt={6}
              value={run.progress}
              size="sm"
              animated={run.status === "running"}
              aria-label={t("runs.progress", { number: run.number, percent: run.progress })}
            />
            <Text size="xs" c="dimmed" mih={18} truncate maw={260}>
              {run.step}
            </Text>
          </>
        ) : (
          <Text size="xs" c={run.error ? "red" : "dimmed"} lineClamp={2}>
            {run.error || moment(run.created_at)}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{value("weighted_f1")}</Table.Td>
      <Table.Td ta="right" c="dimmed">
        {summary ? number(100 * summary.constant.weighted_f1, 1) : "–"}
      </Table.Td>
      <Table.Td ta="right">{value("micro_f1")}</Table.Td>
    </Table.Tr>
  );
}
