import { Checkbox, Group, Select, Stack, Table } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Related, RelatedFilter } from "../../api/types";
import { AnswerTable, AnswerTableRow, CommentText } from "../../components/AnswerTable";
import { FIVE } from "../../components/relationships";
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
      <AnswerTable
        answers={answers}
        headings={COLUMNS.map((column) => t(`related.${column}`))}
        size={PAGE_SIZE}
        page={page}
        onPage={setPage}
        row={(one) => <Row key={one.id} row={one} isOpen={one.id === openId} onOpen={() => setOpenId(one.id)} />}
      />
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
  return (
    <AnswerTableRow
      answer={row}
      name={(clip) => `${row.episode.title} ${clip}, ${row.annotator}`}
      isOpen={isOpen}
      onOpen={onOpen}
    >
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
        <CommentText>
          {[row.discarded && t(`relate.reason.${row.discarded}`), row.comment].filter(Boolean).join(" · ")}
        </CommentText>
      </Table.Td>
    </AnswerTableRow>
  );
}
