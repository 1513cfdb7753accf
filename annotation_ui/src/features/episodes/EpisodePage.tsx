import {
  Anchor,
  Breadcrumbs,
  Button,
  Container,
  Grid,
  Group,
  Paper,
  Skeleton,
  Stack,
  Tabs,
  Text,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { EpisodeDetail } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { clockText } from "../../media/timecode";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { AnalysisBar } from "./AnalysisBar";
import { EpisodePlayer } from "./EpisodePlayer";
import { IdentityGrid } from "./IdentityGrid";
import { JobsTable } from "./JobsTable";
import { episodeQuery } from "./queries";
import { UtteranceTable } from "./UtteranceTable";

export function EpisodePage() {
  const episode = useQuery(episodeQuery(useIdInUrl()));
  return (
    <Container size="xl" py="md">
      {episode.isPending && <Skeleton height={420} radius="md" />}
      {episode.isError && !episode.data && <ErrorPanel error={episode.error} onRetry={() => void episode.refetch()} />}
      {episode.data && <EpisodeFacts episode={episode.data} />}
    </Container>
  );
}

function EpisodeFacts({ episode }: { episode: EpisodeDetail }) {
  const { t } = useTranslation();
  const { shots } = episode;
  const last = shots.at(-1);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <div>
          <Breadcrumbs fz="sm">
            <Anchor component={Link} to="/episodes" fz="sm">
              {t("episodes.title")}
            </Anchor>
            <Anchor component={Link} to={`/series/${episode.series_id}`} fz="sm">
              {episode.series}
            </Anchor>
          </Breadcrumbs>
          <Title order={1} size="h3">
            {episode.title}
          </Title>
        </div>
        <AnalysisBar analysis={episode.analysis} />
      </Group>
      <Paper withBorder radius="lg" p="sm" bg="var(--panel)">
        {episode.media ? (
          <EpisodePlayer episode={episode} media={episode.media} />
        ) : (
          <Stack gap={4} py={80} align="center">
            <Text c="dimmed">{t("episodes.noMedia")}</Text>
            {last && <Text>{t("episodes.shotsSoFar", { count: shots.length, time: clockText(last.end_ms) })}</Text>}
          </Stack>
        )}
      </Paper>
      <Grid>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Paper withBorder radius="lg" p="md" bg="var(--panel)" h="100%">
            <IdentityGrid episode={episode} />
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Paper withBorder radius="lg" p="md" bg="var(--panel)" h="100%">
            <Tabs defaultValue="utterances" keepMounted={false}>
              <Tabs.List>
                <Tabs.Tab value="utterances">{t("episodes.utterances")}</Tabs.Tab>
                <Tabs.Tab value="jobs">{t("episodes.jobs")}</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="utterances" pt="sm">
                {episode.media && (
                  <Button component={Link} to={`/episodes/${episode.id}/dialogue`} size="xs" variant="light" mb="xs">
                    {t("dialogue.open")}
                  </Button>
                )}
                <UtteranceTable utterances={episode.utterances} />
              </Tabs.Panel>
              <Tabs.Panel value="jobs" pt="sm">
                <JobsTable episode={episode} />
              </Tabs.Panel>
            </Tabs>
          </Paper>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
