import { Anchor, Skeleton, Table, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { AssignmentKind } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { Share } from "../../components/Share";
import { useDates } from "../../components/useDates";
import { StatusBadge } from "../episodes/AnalysisBar";
import { EPISODES_A_PAGE, projectEpisodesQuery } from "./queries";
import { STEP_NAMES } from "./stepNames";

interface Props {
  project: number;
  steps: readonly [AssignmentKind, AssignmentKind];
}

/** How far a project is, episode by episode. */
export function EpisodeTable({ project, steps: [ofEpisodes, ofClips] }: Props) {
  const { t } = useTranslation();
  const { number } = useDates();
  const [page, setPage] = useState(1);
  const episodes = useQuery({ ...projectEpisodesQuery(project, page), placeholderData: keepPreviousData });
  if (episodes.isError) return <ErrorPanel error={episodes.error} onRetry={() => void episodes.refetch()} />;
  if (!episodes.data) return <Skeleton height={200} radius="md" />;
  return (
    <>
      <Table fz="sm" verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("episodes.name")}</Table.Th>
            <Table.Th>{t("episodes.analysis")}</Table.Th>
            <Table.Th w="24%">{t(STEP_NAMES[ofEpisodes])}</Table.Th>
            <Table.Th ta="right">{t("projects.clips")}</Table.Th>
            <Table.Th w="24%">{t(STEP_NAMES[ofClips])}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {episodes.data.results.map((episode) => (
            <Table.Tr key={episode.id}>
              <Table.Td>
                <Anchor component={Link} to={`/episodes/${episode.id}`} fz="sm" fw={550}>
                  {episode.title}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {episode.series}
                </Text>
              </Table.Td>
              <Table.Td>
                <StatusBadge status={episode.analysis.status} />
              </Table.Td>
              <Table.Td>
                <Share label={t(STEP_NAMES[ofEpisodes])} {...episode[ofEpisodes]} />
              </Table.Td>
              <Table.Td ta="right">
                {number(episode.clips)}
                {episode.dropped > 0 && (
                  <Text size="xs" c="dimmed">
                    {t("projects.clipsDropped", { count: episode.dropped })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Share label={t(STEP_NAMES[ofClips])} {...episode[ofClips]} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Pages count={episodes.data.count} size={EPISODES_A_PAGE} page={page} onPage={setPage} />
    </>
  );
}
