import { Anchor, Container, Paper, Skeleton, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { seriesListQuery } from "./queries";

export function SeriesListPage() {
  const { t } = useTranslation();
  const series = useQuery(seriesListQuery);
  return (
    <Container size="md" py="lg">
      <Title order={1} size="h3" mb="md">
        {t("series.title")}
      </Title>
      {series.isError && <ErrorPanel error={series.error} onRetry={() => void series.refetch()} />}
      {series.isPending && <Skeleton height={200} radius="md" />}
      {series.data?.count === 0 && <Text c="dimmed">{t("episodes.none")}</Text>}
      {series.data && series.data.count > 0 && (
        <Paper withBorder radius="lg" bg="var(--panel)">
          <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
            <Table.Tbody>
              {series.data.results.map(({ id, name, episodes, main_characters }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <Anchor component={Link} to={`/series/${id}`} fw={600}>
                      {name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{t("series.episodes", { count: episodes })}</Table.Td>
                  <Table.Td>{t("series.mains", { count: main_characters })}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
    </Container>
  );
}
