import { Badge, Checkbox, Group, Pagination, Paper, Select, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { vocabularyQuery } from "../../api/session";
import type { AnswerRow } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useLabelName } from "../../components/useEmotionName";
import { clockText } from "../../media/timecode";
import { AnswerDrawer } from "./AnswerDrawer";
import classes from "./AnswersTab.module.css";
import { type AnswerFilter, answersQuery, PAGE_SIZE } from "./queries";

const COLUMNS = ["clip", "character", "label", "annotator", "remarks"] as const;

/** All that was said in a project: doubts and comments at a glance, and examples for the guideline. */
export function AnswersTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<AnswerFilter>({ label: "", unsure: false, commented: false, page: 1 });
  const [openId, setOpenId] = useState<number>();
  const answers = useQuery(answersQuery(project, filter));
  const open = answers.data?.results.find((one) => one.id === openId);
  const pages = Math.ceil((answers.data?.count ?? 0) / PAGE_SIZE);
  const change = (part: Partial<AnswerFilter>) => setFilter((old) => ({ ...old, page: 1, ...part }));
  return (
    <Stack gap="sm">
      <Filters filter={filter} onChange={change} />
      {answers.isError && <ErrorPanel error={answers.error} onRetry={() => void answers.refetch()} />}
      {answers.isPending && <Skeleton height={220} radius="md" />}
      {answers.data && (
        <Paper withBorder radius="lg" bg="var(--panel)" p="xs">
          <Table aria-label={t("answers.title")} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                {COLUMNS.map((column) => (
                  <Table.Th key={column}>{t(`answers.${column}`)}</Table.Th>
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
        <Pagination
          total={pages}
          value={filter.page}
          onChange={(page) => change({ page })}
          aria-label={t("app.page", { page: filter.page, pages })}
        />
      )}
      <AnswerDrawer project={project} answer={open} onClose={() => setOpenId(undefined)} />
    </Stack>
  );
}

function Filters({ filter, onChange }: { filter: AnswerFilter; onChange: (part: Partial<AnswerFilter>) => void }) {
  const { t } = useTranslation();
  const name = useLabelName();
  const vocabulary = useQuery(vocabularyQuery).data;
  const labels = [
    ...(vocabulary?.primaries ?? []).flatMap((one) => one.fine_grained),
    ...(vocabulary?.statuses ?? []).filter((status) => status !== "one"),
  ];
  return (
    <Group gap="lg">
      <Select
        aria-label={t("answers.label")}
        placeholder={t("answers.allLabels")}
        data={labels.map((value) => ({ value, label: name(value) }))}
        value={filter.label || null}
        onChange={(label) => onChange({ label: label ?? "" })}
        clearable
        searchable
        size="sm"
        w={220}
      />
      <Checkbox
        label={t("answers.onlyUnsure")}
        checked={filter.unsure}
        onChange={(event) => onChange({ unsure: event.currentTarget.checked })}
      />
      <Checkbox
        label={t("answers.onlyCommented")}
        checked={filter.commented}
        onChange={(event) => onChange({ commented: event.currentTarget.checked })}
      />
    </Group>
  );
}

function Row({ row, isOpen, onOpen }: { row: AnswerRow; isOpen: boolean; onOpen: () => void }) {
  const { t } = useTranslation();
  const name = useLabelName();
  const range = `${clockText(row.start_ms)} – ${clockText(row.end_ms)}`;
  return (
    <Table.Tr className={classes.row ?? ""} data-open={isOpen || undefined} onClick={onOpen}>
      <Table.Td>
        <button
          type="button"
          className={classes.open}
          aria-label={t("answers.open", { clip: range, character: row.character, annotator: row.annotator })}
        >
          {row.episode.title} {range}
        </button>
      </Table.Td>
      <Table.Td>{row.character}</Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          {name(row.fine_grained || row.status)}
          {row.is_exemplar && <IconStarFilled size={14} aria-label={t("answers.isExemplar")} />}
        </Group>
      </Table.Td>
      <Table.Td>{row.annotator}</Table.Td>
      <Table.Td>
        <Group gap={8} wrap="nowrap">
          {row.unsure && (
            <Badge size="sm" variant="light" color="orange" tt="none" style={{ flex: "none" }}>
              {t("states.unsureShort")}
            </Badge>
          )}
          <Text size="sm" className={classes.comment ?? ""} truncate>
            {row.comment}
          </Text>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
