import { Badge, Checkbox, Group, Select, Stack, Table } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { vocabularyQuery } from "../../api/session";
import type { AnswerRow } from "../../api/types";
import { AnswerTable, AnswerTableRow, CommentText } from "../../components/AnswerTable";
import { useLabelName } from "../../components/useEmotionName";
import { AnswerDrawer } from "./AnswerDrawer";
import { type AnswerFilter, answersQuery, PAGE_SIZE } from "./queries";

const COLUMNS = ["clip", "character", "label", "annotator", "remarks"] as const;

/** All that was said in a project: doubts and comments at a glance, and examples for the guideline. */
export function AnswersTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<AnswerFilter>({ label: "", unsure: false, commented: false, page: 1 });
  const [openId, setOpenId] = useState<number>();
  const answers = useQuery(answersQuery(project, filter));
  const open = answers.data?.results.find((one) => one.id === openId);
  const change = (part: Partial<AnswerFilter>) => setFilter((old) => ({ ...old, page: 1, ...part }));
  return (
    <Stack gap="sm">
      <Filters filter={filter} onChange={change} />
      <AnswerTable
        answers={answers}
        headings={COLUMNS.map((column) => t(`answers.${column}`))}
        size={PAGE_SIZE}
        page={filter.page}
        onPage={(page) => change({ page })}
        row={(one) => <Row key={one.id} row={one} isOpen={one.id === openId} onOpen={() => setOpenId(one.id)} />}
      />
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
  return (
    <AnswerTableRow
      answer={row}
      name={(clip) => t("answers.open", { clip, character: row.character, annotator: row.annotator })}
      isOpen={isOpen}
      onOpen={onOpen}
    >
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
            <Badge size="sm" variant="light" color="orange" tt="none">
              {t("states.unsureShort")}
            </Badge>
          )}
          <CommentText>{row.comment}</CommentText>
        </Group>
      </Table.Td>
    </AnswerTableRow>
  );
}
