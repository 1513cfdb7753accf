import { Anchor, Container, Image, Paper, Skeleton, Table, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Episode } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { useDates } from "../../components/useDates";
import { clockText } from "../../media/timecode";
import { AnalysisBar } from "./AnalysisBar";
import { episodesQuery, PAGE_SIZE } from "./queries";

export function EpisodesPage() {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const episodes = useQuery({ ...episodesQuery(page), placeholderData: keepPreviousData });
  return (
    <Container size="xl" py="lg">
      <Title order={1} size="h3" mb="md">
        {t("episodes.title")}
      </Title>
      {episodes.isError && <ErrorPanel error={episodes.error} onRetry={() => void episodes.refetch()} />}
      {episodes.isPending && <Skeleton height={200} radius="md" />}
      {episodes.data?.count === 0 && <Text c="dimmed">{t("episodes.none")}</Text>}
      {episodes.data && episodes.data.count > 0 && (
        <Paper withBorder radius="lg" bg="var(--panel)" style={{ overflow: "hidden" }}>
          <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={130} />
                <Table.Th>{t("episodes.name")}</Table.Th>
                <Table.Th>{t("episodes.series")}</Table.Th>
                <Table.Th>{t("episodes.length")}</Table.Th>
                <Table.Th>{t("episodes.added")}</Table.Th>
                <Table.Th w="30%">{t("episodes.analysis")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {episodes.data.results.map((episode) => (
                <EpisodeRow key={episode.id} episode={episode} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      <Pages count={episodes.data?.count} size={PAGE_SIZE} page={page} onPage={setPage} />
    </Container>
  );
}

function EpisodeRow({ episode }: { episode: Episode }) {
  const { t } = useTranslation();
  const { day } = useDates();
  return (
    <Table.Tr>
      <Table.Td>
        <Image
          src={episode.poster_url}
          alt=""
          w={112}
          h={63}
          radius="sm"
          fit="cover"
          bg="var(--panel-sunk)"
          fallbackSrc="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
        />
      </Table.Td>
      <Table.Td>
        <Anchor
          component={Link}
          to={`/episodes/${episode.id}`}
          fw={600}
          aria-label={t("episodes.open", { title: episode.title })}
        >
          {episode.title}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} to={`/series/${episode.series_id}`} c="inherit">
          {episode.series}
        </Anchor>
      </Table.Td>
      <Table.Td style={{ fontVariantNumeric: "tabular-nums" }}>
        {episode.duration_ms === null ? "–" : clockText(episode.duration_ms)}
      </Table.Td>
      <Table.Td>{day(episode.created_at)}</Table.Td>
      <Table.Td>
        <AnalysisBar analysis={episode.analysis} />
      </Table.Td>
    </Table.Tr>
  );
}
