import { Container, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Project } from "../../api/types";
import { useCommands } from "../../commands/useCommands";
import { ErrorPanel } from "../../components/ErrorPanel";
import { GuidelineDrawer } from "../../components/GuidelineDrawer";
import { homeCommands } from "./commands";
import { ProjectCard } from "./ProjectCard";
import { projectsQuery } from "./queries";

export function HomePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery);
  const [reading, setReading] = useState<Project>();
  const first = projects.data?.results[0];
  const commands = useCommands(homeCommands, {
    project: first,
    open: (project, page) => void navigate(`/projects/${project}/${page}`),
  });

  return (
    <Container size="lg" py="xl">
      <Stack gap="lg">
        <Title order={1} size="h3">
          {t("home.title")}
        </Title>
        {projects.isError && <ErrorPanel error={projects.error} onRetry={() => void projects.refetch()} />}
        {projects.isPending && <Skeleton height={220} radius="md" aria-label={t("app.loading")} />}
        {projects.data?.results.length === 0 && <Text c="dimmed">{t("home.none")}</Text>}
        {projects.data?.results.map((project) => (
          <ProjectCard
            key={project.id}
            project={project}
            {...(project === first ? { commands } : {})}
            onGuideline={() => setReading(project)}
          />
        ))}
      </Stack>
      <GuidelineDrawer
        opened={reading !== undefined}
        project={reading?.id}
        text={reading?.guideline ?? ""}
        title={reading?.name ?? ""}
        onClose={() => setReading(undefined)}
      />
    </Container>
  );
}
