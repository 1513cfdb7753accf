import { Anchor, Paper, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { Share } from "../../components/Share";
import { useDates } from "../../components/useDates";
import { PAGE_SIZE, storyboardsQuery } from "./queries";

/** The episodes of a project on their way to clips; each leads to its storyboard. */
export function StoriesTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const [page, setPage] = useState(1);
  const boards = useQuery(storyboardsQuery(project, page));
  if (boards.isPending) return <Skeleton height={220} radius="md" />;
  if (boards.isError) return <ErrorPanel error={boards.error} onRetry={() => void boards.refetch()} />;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t("storyboard.lead")}
      </Text>
      <Paper withBorder radius="lg" bg="var(--panel)" p="xs">
        <Table fz="sm" verticalSpacing={7} aria-label={t("projects.stories")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("storyboard.episode")}</Table.Th>
              <Table.Th ta="right">{t("storyboard.shots")}</Table.Th>
              <Table.Th ta="right">{t("storyboard.found")}</Table.Th>
              <Table.Th ta="right">{t("storyboard.edits")}</Table.Th>
              <Table.Th w="22%">{t("storyboard.located")}</Table.Th>
              <Table.Th ta="right">{t("storyboard.clips")}</Table.Th>
              <Table.Th ta="right">{t("storyboard.dropped")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {boards.data.results.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/projects/${project}/episodes/${row.id}/storyboard`} fz="sm" fw={550}>
                    {row.title}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {row.series}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">{number(row.shots)}</Table.Td>
                <Table.Td ta="right">{row.found > 0 ? number(row.found) : "–"}</Table.Td>
                <Table.Td ta="right">{number(row.edits)}</Table.Td>
                <Table.Td>
                  <Share label={t("storyboard.located")} {...row.locate} />
                </Table.Td>
                <Table.Td ta="right">{number(row.clips)}</Table.Td>
                <Table.Td ta="right">{number(row.dropped)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      <Pages count={boards.data.count} size={PAGE_SIZE} page={page} onPage={setPage} />
    </Stack>
  );
}
