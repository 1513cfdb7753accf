import { Drawer, Skeleton, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "../components/ErrorPanel";
import { useDates } from "../components/useDates";
import { clockText } from "../media/timecode";
import classes from "./TurnsDrawer.module.css";

/** A finished turn at a clip, in the words of its room. */
export interface FinishedTurn {
  id: number;
  title: string;
  startMs: number;
  endMs: number;
  finishedAt: string;
  said: string;
  mayCorrect: boolean;
}

interface Props {
  query: Pick<UseQueryResult, "isPending" | "error"> & { refetch: () => unknown };
  /** What the query brought, once it did. */
  turns: readonly FinishedTurn[] | undefined;
  opened: boolean;
  onClose: () => void;
  onOpen: (turn: number) => void;
}

/** The clips of today, the last one first: each can be opened again and corrected. */
export function TurnsDrawer({ query, turns, opened, onClose, onOpen }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title={t("states.historyTitle")}
      transitionProps={{ duration: 0 }}
    >
      {query.isPending && <Skeleton height={64} radius="md" />}
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {turns && (
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t(turns.length > 0 ? "states.historyLead" : "states.historyNone")}
          </Text>
          {turns.map((turn) => (
            <Turn key={turn.id} turn={turn} onOpen={() => onOpen(turn.id)} />
          ))}
        </Stack>
      )}
    </Drawer>
  );
}

function Turn({ turn, onOpen }: { turn: FinishedTurn; onOpen: () => void }) {
  const { time } = useDates();
  return (
    <button type="button" className={classes.turn} disabled={!turn.mayCorrect} onClick={onOpen}>
      <span className={classes.time}>{time(turn.finishedAt).replace(/:\d\d(?=\s|$)/, "")}</span>
      <span>{turn.title}</span>
      <span className={classes.range}>
        {clockText(turn.startMs)} – {clockText(turn.endMs)}
      </span>
      <span className={classes.said}>{turn.said}</span>
    </button>
  );
}
