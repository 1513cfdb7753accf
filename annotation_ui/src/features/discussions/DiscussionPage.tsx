import { Anchor, Badge, Breadcrumbs, Container, Grid, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { Discussion } from "../../api/types";
import { ClipPlayer } from "../../components/ClipPlayer";
import { ErrorPanel } from "../../components/ErrorPanel";
import { clockText } from "../../media/timecode";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { Answers } from "./Answers";
import { Comments } from "./Comments";
import { Consensus } from "./Consensus";
import { discussionQuery } from "./queries";
import { useDiscussion } from "./useDiscussion";

/** A clip on which annotators differ: the clip, all answers side by side, what they say, and what they agree on. */
export function DiscussionPage() {
  const project = useIdInUrl();
  const clip = Number(useParams().clip);
  const discussion = useQuery(discussionQuery(project, clip));
  return (
    <Container size="xl" py="md">
      {discussion.isPending && <Skeleton height={420} radius="md" />}
      {discussion.isError && <ErrorPanel error={discussion.error} onRetry={() => void discussion.refetch()} />}
      {discussion.data && <Desk key={clip} project={project} discussion={discussion.data} />}
    </Container>
  );
}

function Desk({ project, discussion }: { project: number; discussion: Discussion }) {
  const { t } = useTranslation();
  const desk = useDiscussion(project, discussion);
  const { episode, start_ms, end_ms, part, note } = discussion;
  return (
    <Stack gap="md">
      <div>
        <Breadcrumbs fz="sm">
          <Anchor component={Link} to={desk.backTo} fz="sm">
            {discussion.project}
          </Anchor>
        </Breadcrumbs>
        <Group gap="sm" mt={4}>
          <Title order={1} size="h3">
            {episode.title} · {clockText(start_ms)}–{clockText(end_ms)}
          </Title>
          <Badge variant="light" tt="none">
            {t(`discussion.parts.${part}`)}
          </Badge>
        </Group>
        {note && <Text c="dimmed">{note}</Text>}
      </div>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="md">
            <ClipPlayer media={episode} startMs={start_ms} endMs={end_ms} lines={discussion.lines} />
            <Comments discussion={discussion} desk={desk} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            {part !== "demo" && <Answers discussion={discussion} />}
            <Consensus discussion={discussion} desk={desk} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
