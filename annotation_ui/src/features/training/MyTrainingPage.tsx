import {
  Badge,
  Button,
  Container,
  Grid,
  Group,
  Paper,
  Progress,
  Skeleton,
  Stack,
  Text,
  Title,
  Typography,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import Markdown from "react-markdown";
import { Link } from "react-router";
import type { MyTraining, MyTrainingClip } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { percentOf } from "../../components/percent";
import { useDates } from "../../components/useDates";
import { clockText } from "../../media/timecode";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { useRelationName } from "../discussions/useRelationName";
import { myTrainingQuery } from "./queries";

/** An annotator's way into a project: guideline, demo clips, training clips, and what was discussed. */
export function MyTrainingPage() {
  const project = useIdInUrl();
  const training = useQuery(myTrainingQuery(project));
  return (
    <Container size="lg" py="xl">
      {training.isPending && <Skeleton height={360} radius="md" />}
      {training.isError && <ErrorPanel error={training.error} onRetry={() => void training.refetch()} />}
      {training.data && <Way project={project} training={training.data} />}
    </Container>
  );
}

function Way({ project, training }: { project: number; training: MyTraining }) {
  const { t } = useTranslation();
  const { clips, guideline } = training;
  return (
    <Stack gap="lg">
      <Standing project={project} training={training} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)">
            <Title order={2} size="h5" mb="xs">
              {t("guideline.open")}
            </Title>
            {guideline.trim() ? (
              <Typography>
                <Markdown>{guideline}</Markdown>
              </Typography>
            ) : (
              <Text c="dimmed">{t("guideline.none")}</Text>
            )}
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="lg">
            <ClipList project={project} kind="demo" clips={clips.filter(({ kind }) => kind === "demo")} />
            <ClipList project={project} kind="training" clips={clips.filter(({ kind }) => kind === "training")} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Standing({ project, training }: { project: number; training: MyTraining }) {
  const { t } = useTranslation();
  const { day } = useDates();
  const { done, total, opened_at, trains } = training;
  const label = t("training.progress", { done, total });
  const isLearning = trains && !opened_at;
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--panel)">
      <Group justify="space-between" align="flex-end" gap="lg">
        <Stack gap={6} style={{ flex: 1, minWidth: 260 }}>
          <Title order={1} size="h3">
            {t("training.title")}: {training.project}
          </Title>
          <Text c="dimmed">{t("training.lead")}</Text>
          <Text fw={550} size="sm" mt={6}>
            {opened_at ? `${t("training.open")} (${day(opened_at)})` : label}
          </Text>
          <Progress value={percentOf(done, total)} size="sm" color={opened_at ? "teal" : "ink"} aria-label={label} />
          {isLearning && total > 0 && done === total && (
            <Text size="sm" c="dimmed">
              {t("training.allAnswered")}
            </Text>
          )}
        </Stack>
        <Button component={Link} to={isLearning && done < total ? `/projects/${project}/relate` : "/"} data-autofocus>
          {t(isLearning && done < total ? "training.begin" : "training.goOn")}
        </Button>
      </Group>
    </Paper>
  );
}

interface ListProps {
  project: number;
  kind: "demo" | "training";
  clips: readonly MyTrainingClip[];
}

function ClipList({ project, kind, clips }: ListProps) {
  const { t } = useTranslation();
  const title = t(kind === "demo" ? "training.demos" : "training.mine");
  return (
    <Paper component="section" aria-label={title} withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {clips.length === 0 && (
        <Text size="sm" c="dimmed">
          {t(kind === "demo" ? "training.demosNone" : "training.mineNone")}
        </Text>
      )}
      <Stack gap="sm">
        {clips.map((clip) => (
          <ClipLine key={clip.clip} project={project} clip={clip} />
        ))}
      </Stack>
    </Paper>
  );
}

function ClipLine({ project, clip }: { project: number; clip: MyTrainingClip }) {
  const { t } = useTranslation();
  const relation = useRelationName();
  const name = `${clip.title} · ${clockText(clip.start_ms)}–${clockText(clip.end_ms)}`;
  const action = t(clip.kind === "demo" ? "training.watch" : "training.discuss");
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Group gap="xs">
          <Text size="sm" fw={550}>
            {name}
          </Text>
          {clip.differs && (
            <Badge variant="light" color="orange" tt="none">
              {t("training.differs")}
            </Badge>
          )}
          {clip.comments > 0 && (
            <Text size="xs" c="dimmed">
              {t("training.comments", { count: clip.comments })}
            </Text>
          )}
        </Group>
        {clip.note && <Text size="sm">{clip.note}</Text>}
        <Text size="sm" c="dimmed">
          {[
            ...(clip.mine ? [t("training.said", { said: relation(clip.mine.relationship) })] : []),
            ...(clip.gold ? [t("training.agreed", { said: relation(clip.gold.relationship) })] : []),
            ...(clip.mine && !clip.gold ? [t("training.notAgreed")] : []),
          ].join(" · ")}
        </Text>
      </div>
      <Button
        component={Link}
        to={`/projects/${project}/clips/${clip.clip}`}
        size="compact-sm"
        variant="light"
        aria-label={`${action}: ${name}`}
      >
        {action}
      </Button>
    </Group>
  );
}
