import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { EpisodeDetail, Job } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useDates } from "../../components/useDates";
import { StatusBadge } from "./AnalysisBar";
import { CancelAnalysis } from "./CancelAnalysis";
import classes from "./JobsTable.module.css";
import { useAnalyseAgain } from "./queries";
import { useAnalysisWords } from "./useAnalysisWords";
import { useTimeLeft } from "./useTimeLeft";

export function JobsTable({ episode }: { episode: EpisodeDetail }) {
  const { t } = useTranslation();
  const again = useAnalyseAgain(episode.id);
  const { stepName } = useAnalysisWords();
  return (
    <Stack gap="sm">
      <Group justify="flex-end">
        <Text size="sm" c="dimmed" role="status">
          {again.isSuccess && t("episodes.started")}
        </Text>
        <CancelAnalysis episode={episode} />
        <Button
          size="xs"
          variant="light"
          leftSection={<IconRefresh size={15} />}
          loading={again.isPending}
          onClick={() => again.mutate()}
        >
          {t("episodes.again")}
        </Button>
      </Group>
      {again.isError && <ErrorPanel error={again.error} />}
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("episodes.analyser")}</Table.Th>
            <Table.Th>{t("episodes.version")}</Table.Th>
            <Table.Th>{t("episodes.status")}</Table.Th>
            <Table.Th ta="right">{t("episodes.attempt")}</Table.Th>
            <Table.Th ta="right">{t("episodes.took")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {episode.jobs.map((job) => (
            <Fragment key={job.id}>
              <Table.Tr>
                <Table.Td fw={550} title={job.analyser}>
                  {stepName(job.analyser)}
                </Table.Td>
                <Table.Td c="dimmed">{job.version}</Table.Td>
                <Table.Td>
                  <Group gap={8} wrap="nowrap">
                    <StatusBadge status={job.status} />
                    <Text size="xs" c="dimmed">
                      <Now job={job} />
                    </Text>
                  </Group>
                </Table.Td>
                <Table.Td ta="right">{job.attempt}</Table.Td>
                <Table.Td ta="right">
                  <Took job={job} />
                </Table.Td>
              </Table.Tr>
              {job.error && (
                <Table.Tr>
                  <Table.Td colSpan={5} c={job.status === "failed" ? "red" : "dimmed"} fz="xs">
                    <Why job={job} />
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

/** Why it failed: in the user's language in a few words, then what the worker says, which is in English. */
function Why({ job }: { job: Job }) {
  const { failure } = useAnalysisWords();
  const words = failure(job.error_code);
  return (
    <>
      {words && (
        <Text span inherit fw={600} display="block">
          {words}
        </Text>
      )}
      <span lang="en">{job.error}</span>
    </>
  );
}

/** What a job does just now, and how long that will take; when it is tried again if it waits for that. */
function Now({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { time } = useDates();
  const timeLeft = useTimeLeft();
  const { doingNow } = useAnalysisWords();
  const left = job.estimate_s === null ? "" : timeLeft(job.estimate_s);
  if (job.status === "running") {
    // The time left has a line of its own from the beginning: the row stays as high as it is when it becomes known.
    return (
      <>
        {[`${job.progress} %`, doingNow(job.step)].filter(Boolean).join(" · ")}
        <span className={classes.left}>{left || "\u00a0"}</span>
      </>
    );
  }
  if (job.status !== "waiting") return null;
  return job.not_before ? t("episodes.againAt", { time: time(job.not_before) }) : left;
}

function Took({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { number } = useDates();
  if (!job.started_at || !job.finished_at) return "–";
  const seconds = (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
  return t("episodes.seconds", { seconds: number(seconds, seconds < 10 ? 1 : 0) });
}
