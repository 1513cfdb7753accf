import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { clockText } from "../../media/timecode";
import { DIFFERING, differingQuery } from "../discussions/queries";

/** Clips of work that wait for a discussion: until then they are no sample. */
export function DifferingClips({ project }: { project: number }) {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const clips = useQuery(differingQuery(project, page));
  if (clips.isError) return <ErrorPanel error={clips.error} onRetry={() => void clips.refetch()} />;
  return (
    <Paper component="section" aria-label={t("crossCheck.differing")} withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5">
        {t("crossCheck.differing")}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t(clips.data?.count === 0 ? "crossCheck.differingNone" : "crossCheck.differingLead")}
      </Text>
      <Stack gap={6} maw={760}>
        {clips.data?.results.map((clip) => {
          const name = `${clip.title} · ${clockText(clip.start_ms)}–${clockText(clip.end_ms)}`;
          return (
            <Group key={clip.clip} justify="space-between">
              <Text size="sm">
                {clip.series}: {name}
                {clip.comments > 0 && ` · ${t("training.comments", { count: clip.comments })}`}
              </Text>
              <Button
                component={Link}
                to={`/projects/${project}/clips/${clip.clip}`}
                size="compact-sm"
                variant="light"
                aria-label={`${t("training.discuss")}: ${name}`}
              >
                {t("training.discuss")}
              </Button>
            </Group>
          );
        })}
        <Pages count={clips.data?.count} size={DIFFERING} page={page} onPage={setPage} />
      </Stack>
    </Paper>
  );
}
