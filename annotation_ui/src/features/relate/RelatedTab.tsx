import { Checkbox, Group, Pagination, Paper, Select, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Related, RelatedFilter } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { FIVE } from "../../components/relationships";
import { clockText } from "../../media/timecode";
import classes from "../answers/AnswersTab.module.css";
import { RelatedAnswer } from "./RelatedAnswer";
import { RemarksPanel } from "./RemarksPanel";
import { PAGE_SIZE, relatedQuery } from "./relatedQueries";

const COLUMNS = ["clip", "pair", "said", "annotator", "words"] as const;

/** All that annotators said of pairs: doubts and own words at a glance, reported faces, and examples. */
export function RelatedTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<RelatedFilter>({});
  const [page, setPage] = useState(1);
  const [openId, setOpenId] = useState<number>();
  const answers = useQuery(relatedQuery(project, filter, page));
  const pages = Math.ceil((answers.data?.count ?? 0) / PAGE_SIZE);
  function change(part: RelatedFilter) {
    setFilter((old) => ({ ...old, ...part }));
    setPage(1);
  }
  return (
    <Stack gap="sm">
      <RemarksPanel project={project} />
      <Group gap="lg">
        <Select
          aria-label={t("related.said")}
          placeholder={t("related.all")}
          data={[
            ...FIVE.map((value) => ({ value, label: t(`relationships.${value}`) })),
            { value: "discarded", label: t("related.discarded") },
          ]}
          value={filter.said ?? null}
          onChange={(said) => change({ said: (said ?? undefined) as RelatedFilter["said"] })}
          clearable
          w={220}
        />
        <Checkbox
          label={t("answers.onlyUnsure")}
          checked={filter.unsure ?? false}
          onChange={(event) => change({ unsure: event.currentTarget.checked || undefined })}
        />
        <Checkbox
          label={t("answers.onlyCommented")}
          checked={filter.commented ?? false}
          onChange={(event) => change({ commented: event.currentTarget.checked || undefined })}
        />
      </Group>
      {answers.isError && <ErrorPanel error={answers.error} onRetry={() => void answers.refetch()} />}
      {answers.isPending && <Skeleton height={220} radius="md" />}
      {answers.data && (
        <Paper withBorder radius="lg" bg="var(--panel)" p="xs">
          <Table aria-label={t("answers.title")} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                {COLUMNS.map((column) => (
                  <Table.Th key={column}>{t(`related.${column}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {answers.data.results.map((row) => (
                <Row key={row.id} row={row} isOpen={row.id === openId} onOpen={() => setOpenId(row.id)} />
              ))}
            </Table.Tbody>
          </Table>
          {answers.data.count === 0 && (
            <Text size="sm" c="dimmed" p="sm">
              {t("answers.none")}
            </Text>
          )}
        </Paper>
      )}
      {pages > 1 && (
        <Pagination total={pages} value={page} onChange={setPage} aria-label={t("app.page", { page, pages })} />
      )}
      <RelatedAnswer
        project={project}
        answer={answers.data?.results.find((one) => one.id === openId)}
        onClose={() => setOpenId(undefined)}
      />
    </Stack>
  );
}

function Row({ row, isOpen, onOpen }: { row: Related; isOpen: boolean; onOpen: () => void }) {
  const { t } = useTranslation();
  const range = `${clockText(row.start_ms)} – ${clockText(row.end_ms)}`;
  return (
    <Table.Tr className={classes.row ?? ""} data-open={isOpen || undefined} onClick={onOpen}>
      <Table.Td>
        <button type="button" className={classes.open} aria-label={`${row.episode.title} ${range}, ${row.annotator}`}>
          {row.episode.title} {range}
        </button>
      </Table.Td>
      <Table.Td>{row.people.map((name) => name || "?").join(" · ")}</Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          {row.relationship ? t(`relationships.${row.relationship}`) : t("related.discarded")}
          {row.unsure && " (?)"}
          {row.is_exemplar && <IconStarFilled size={14} aria-label={t("answers.isExemplar")} />}
        </Group>
      </Table.Td>
      <Table.Td>{row.annotator}</Table.Td>
      <Table.Td>
        <Text size="sm" className={classes.comment ?? ""} truncate>
          {[row.discarded && t(`relate.reason.${row.discarded}`), row.comment].filter(Boolean).join(" · ")}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
