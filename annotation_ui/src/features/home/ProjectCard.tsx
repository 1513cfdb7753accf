import { Badge, Button, Group, Paper, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconBook2, IconFlag3, IconHeartHandshake, IconSchool, IconScissors, IconTags } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { AssignmentKind, Project } from "../../api/types";
import { KeyCaps } from "../../commands/KeyCaps";
import { ariaKey } from "../../commands/keys";
import type { Commands } from "../../commands/useCommands";
import { percentOf } from "../../components/percent";
import { STEPS } from "../../turn/steps";
import classes from "./ProjectCard.module.css";

interface Props {
  project: Project;
  /** Keys belong to the first project of the page alone. */
  commands?: Commands;
  onGuideline: () => void;
}

const ICONS: Readonly<Record<AssignmentKind, ReactNode>> = {
  moments: <IconFlag3 size={34} stroke={1.5} aria-hidden />,
  states: <IconTags size={34} stroke={1.5} aria-hidden />,
  locate: <IconScissors size={34} stroke={1.5} aria-hidden />,
  relate: <IconHeartHandshake size={34} stroke={1.5} aria-hidden />,
};

export function ProjectCard({ project, commands, onGuideline }: Props) {
  const { t } = useTranslation();
  return (
    <Paper component="section" aria-label={project.name} withBorder radius="lg" p="lg" bg="var(--panel)">
      <Group justify="space-between" mb="md">
        <Group gap="sm">
          <Title order={2} size="h4">
            {project.name}
          </Title>
          <Badge variant="light" color="gray" tt="uppercase">
            {project.protocol}
          </Badge>
        </Group>
        <Button variant="subtle" size="compact-sm" leftSection={<IconBook2 size={16} />} onClick={onGuideline}>
          {t("guideline.open")}
        </Button>
      </Group>
      {project.training && (
        <TrainingLine project={project.id} training={project.training} keyName={commands?.get("training").keys[0]} />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {STEPS[project.protocol].map((kind, step) => {
          const key = commands?.get(step === 0 ? "moments" : "states").keys[0];
          return (
            <Stack key={kind} gap="sm">
              <Link
                to={`/projects/${project.id}/${kind}`}
                className={classes.action}
                {...(key ? { "aria-keyshortcuts": ariaKey(key) } : {})}
              >
                {ICONS[kind]}
                <span className={classes.words}>
                  <span className={classes.name}>{t(`home.${kind}`)}</span>
                  <span className={classes.lead}>{t(`home.${kind}Lead`)}</span>
                  <span className={classes.count}>
                    {project.mine[kind].available > 0
                      ? t("home.available", { count: project.mine[kind].available })
                      : t("home.nothing")}
                    {" · "}
                    {t("home.mine", { count: project.mine[kind].done })}
                  </span>
                </span>
                {key && <KeyCaps keyName={key} size="sm" />}
              </Link>
              <ProgressLine
                label={t(step === 0 ? "home.allEpisodes" : "home.allClips")}
                done={project.progress[kind].done}
                total={project.progress[kind].total}
              />
            </Stack>
          );
        })}
      </SimpleGrid>
    </Paper>
  );
}

interface TrainingProps {
  project: number;
  training: NonNullable<Project["training"]>;
  keyName: string | undefined;
}

/** How far one's training is, and the way to its page. */
function TrainingLine({ project, training, keyName }: TrainingProps) {
  const { t } = useTranslation();
  const { is_open, done, total } = training;
  return (
    <Button
      component={Link}
      to={`/projects/${project}/training`}
      variant="light"
      color={is_open ? "teal" : "ink"}
      size="compact-md"
      mb="md"
      leftSection={<IconSchool size={18} aria-hidden />}
      rightSection={keyName && <KeyCaps keyName={keyName} size="sm" />}
      {...(keyName ? { "aria-keyshortcuts": ariaKey(keyName) } : {})}
    >
      {is_open ? t("training.open") : t("training.progress", { done, total })}
    </Button>
  );
}

function ProgressLine({ label, done, total }: { label: string; done: number; total: number }) {
  const { t } = useTranslation();
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        <Text size="xs" c="dimmed">
          {t("home.of", { done, total })}
        </Text>
      </Group>
      <Progress value={percentOf(done, total)} size="sm" aria-label={label} />
    </div>
  );
}
