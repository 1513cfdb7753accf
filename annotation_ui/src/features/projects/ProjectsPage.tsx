import { Anchor, Badge, Container, Paper, Skeleton, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Share } from "../../components/Share";
import { projectsQuery } from "../home/queries";

export function ProjectsPage() {
  const { t } = useTranslation();
  const projects = useQuery(projectsQuery);
  return (
    <Container size="xl" py="lg">
      <Title order={1} size="h3" mb="md">
        {t("projects.title")}
      </Title>
      {projects.isError && <ErrorPanel error={projects.error} onRetry={() => void projects.refetch()} />}
      {projects.isPending && <Skeleton height={160} radius="md" />}
      {projects.data?.count === 0 && <Text c="dimmed">{t("projects.none")}</Text>}
      {projects.data && projects.data.count > 0 && (
        <Paper withBorder radius="lg" bg="var(--panel)" style={{ overflow: "hidden" }}>
          <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("projects.title")}</Table.Th>
                <Table.Th>{t("projects.protocol")}</Table.Th>
                <Table.Th w="26%">{t("projects.momentsDone")}</Table.Th>
                <Table.Th w="26%">{t("projects.statesDone")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {projects.data.results.map((project) => (
                <Table.Tr key={project.id}>
                  <Table.Td>
                    <Anchor
                      component={Link}
                      to={`/projects/${project.id}`}
                      fw={600}
                      aria-label={t("projects.open", { name: project.name })}
                    >
                      {project.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="light" color="gray">
                      {project.protocol}
                    </Badge>
                    <Text size="xs" c="dimmed">
                      {t("projects.answers", { count: project.answers_per_clip })}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Share label={t("projects.momentsDone")} {...project.progress.moments} />
                  </Table.Td>
                  <Table.Td>
                    <Share label={t("projects.statesDone")} {...project.progress.states} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
    </Container>
  );
}
