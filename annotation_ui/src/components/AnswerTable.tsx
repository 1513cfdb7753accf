import { Paper, Skeleton, Table, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { clockText } from "../media/timecode";
import classes from "./AnswerTable.module.css";
import { ErrorPanel } from "./ErrorPanel";
import { Pages } from "./Pages";

interface Props<T> {
  answers: UseQueryResult<{ count: number; results: T[] }>;
  headings: readonly string[];
  size: number;
  page: number;
  onPage: (page: number) => void;
  /** One answer as a row of the table. */
  row: (answer: T) => ReactNode;
}

/** A page of what annotators answered in a project, whatever they were asked. */
export function AnswerTable<T>({ answers, headings, size, page, onPage, row }: Props<T>) {
  const { t } = useTranslation();
  if (answers.isPending) return <Skeleton height={220} radius="md" />;
  if (answers.isError) return <ErrorPanel error={answers.error} onRetry={() => void answers.refetch()} />;
  const { count, results } = answers.data;
  return (
    <>
      <Paper withBorder radius="lg" bg="var(--panel)" p="xs">
        <Table aria-label={t("answers.title")} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {headings.map((heading) => (
                <Table.Th key={heading}>{heading}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{results.map(row)}</Table.Tbody>
        </Table>
        {count === 0 && (
          <Text size="sm" c="dimmed" p="sm">
            {t("answers.none")}
          </Text>
        )}
      </Paper>
      <Pages count={count} size={size} page={page} onPage={onPage} />
    </>
  );
}

interface RowProps {
  answer: { episode: { title: string }; start_ms: number; end_ms: number };
  /** What a screen reader says of the row's button, beside the clip. */
  name: (clip: string) => string;
  isOpen: boolean;
  onOpen: () => void;
  children: ReactNode;
}

/** A row that begins with its clip, and opens by a click anywhere. */
export function AnswerTableRow({ answer, name, isOpen, onOpen, children }: RowProps) {
  const range = `${clockText(answer.start_ms)} – ${clockText(answer.end_ms)}`;
  return (
    <Table.Tr className={classes.row ?? ""} data-open={isOpen || undefined} onClick={onOpen}>
      <Table.Td>
        <button type="button" className={classes.open} aria-label={name(range)}>
          {answer.episode.title} {range}
        </button>
      </Table.Td>
      {children}
    </Table.Tr>
  );
}

export function CommentText({ children }: { children: string }) {
  return (
    <Text size="sm" className={classes.comment ?? ""} truncate>
      {children}
    </Text>
  );
}
