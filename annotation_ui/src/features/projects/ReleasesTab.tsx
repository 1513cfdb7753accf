import { Badge, Button, Code, Grid, Group, Paper, Progress, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconSchool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Release } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useDates } from "../../components/useDates";
import { StatusBadge } from "../episodes/AnalysisBar";
import { TrainDialog } from "../runs/TrainDialog";
import { releasesQuery } from "./queries";
import { ReleaseForm } from "./ReleaseForm";

export function ReleasesTab({ project, isTrainable }: { project: number; isTrainable: boolean }) {
  const { t } = useTranslation();
  const [training, setTraining] = useState<Release>();
  const releases = useQuery(releasesQuery(project));
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <ReleaseForm project={project} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="sm">
          {releases.isPending && <Skeleton height={120} radius="md" />}
          {releases.isError && <ErrorPanel error={releases.error} onRetry={() => void releases.refetch()} />}
          {releases.data?.count === 0 && <Text c="dimmed">{t("releases.none")}</Text>}
          {releases.data?.results.map((release) => (
            <ReleaseCard
              key={release.id}
              release={release}
              {...(isTrainable && release.status === "done" && { onTrain: () => setTraining(release) })}
            />
          ))}
        </Stack>
        <TrainDialog
          project={project}
          releases={training ? [training] : []}
          opened={training !== undefined}
          onClose={() => setTraining(undefined)}
        />
      </Grid.Col>
    </Grid>
  );
}

function ReleaseCard({ release, onTrain }: { release: Release; onTrain?: () => void }) {
  const { t } = useTranslation();
  const { moment, bytes } = useDates();
  const { number, options, status, progress, step } = release;
  const name = t("releases.number", { number });
  const busy = status === "running" || status === "waiting";
  return (
    <Paper component="article" aria-label={name} withBorder radius="lg" p="md" bg="var(--panel)">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Group gap="xs">
            <Title order={3} size="h5">
              {name}
            </Title>
            <StatusBadge status={status} />
          </Group>
          <Text size="xs" c="dimmed">
            {moment(release.created_at)}
            {release.created_by && ` · ${t("releases.by", { name: release.created_by })}`}
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          {onTrain && (
            <Button
              size="sm"
              variant="default"
              leftSection={<IconSchool size={17} />}
              aria-label={t("runs.trainOn", { number })}
              onClick={onTrain}
            >
              {t("runs.train")}
            </Button>
          )}
          {release.download_url && (
            <Button
              component="a"
              href={release.download_url}
              download
              size="sm"
              leftSection={<IconDownload size={17} />}
              aria-label={t("releases.downloadNumber", { number })}
            >
              {t("releases.download")}
              {release.bytes !== null && ` · ${bytes(release.bytes)}`}
            </Button>
          )}
        </Group>
      </Group>
      <Group gap={6} mt="xs">
        <Badge variant="default" tt="none">
          {t(options.split === "paper" ? "releases.paper" : "releases.grouped")}
          {options.split === "grouped" && ` · ${t(`releases.${options.group_by}`)}`}
        </Badge>
        <Badge variant="default" tt="none">
          {t("releases.seedValue", { seed: options.seed })}
        </Badge>
        {release.samples !== null && (
          <Badge variant="default" tt="none">
            {t("releases.samples", { count: release.samples })}
          </Badge>
        )}
        {release.clips !== null && (
          <Badge variant="default" tt="none">
            {t("releases.clips", { count: release.clips })}
          </Badge>
        )}
      </Group>
      {busy && (
        <Stack gap={4} mt="sm">
          <Progress
            value={progress}
            size="sm"
            animated={status === "running"}
            aria-label={t("releases.progress", { number, percent: progress })}
          />
          <Text size="xs" c="dimmed" mih={18}>
            {step}
          </Text>
        </Stack>
      )}
      {release.error && (
        <Text size="sm" c="red" mt="xs" role="alert">
          {release.error}
        </Text>
      )}
      {release.sha256 && (
        <Text size="xs" c="dimmed" mt="xs">
          {t("releases.hash")} <Code fz={11}>{release.sha256}</Code>
        </Text>
      )}
    </Paper>
  );
}
