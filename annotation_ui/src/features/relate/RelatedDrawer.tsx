import { Drawer, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Related } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useDates } from "../../components/useDates";
import { clockText } from "../../media/timecode";
import classes from "../states/HistoryDrawer.module.css";
import { ownRelatedQuery } from "./related";

interface Props {
  project: number;
  opened: boolean;
  onClose: () => void;
  onOpen: (turn: number) => void;
}

/** The clips of today, the last one first: each can be opened again and corrected. */
export function RelatedDrawer({ project, opened, onClose, onOpen }: Props) {
  const { t } = useTranslation();
  const turns = useQuery({ ...ownRelatedQuery(project), enabled: opened });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title={t("states.historyTitle")}
      transitionProps={{ duration: 0 }}
    >
      {turns.isPending && <Skeleton height={64} radius="md" />}
      {turns.isError && <ErrorPanel error={turns.error} onRetry={() => void turns.refetch()} />}
      {turns.data && (
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t(turns.data.count > 0 ? "states.historyLead" : "states.historyNone")}
          </Text>
          {turns.data.results.map((turn) => (
            <Turn key={turn.id} turn={turn} onOpen={() => onOpen(turn.id)} />
          ))}
        </Stack>
      )}
    </Drawer>
  );
}

function Turn({ turn, onOpen }: { turn: Related; onOpen: () => void }) {
  const { t } = useTranslation();
  const { time } = useDates();
  const pair = turn.people.filter((name) => name !== "").join(" · ");
  const said = turn.relationship
    ? `${t(`relationships.${turn.relationship}`)}${turn.unsure ? " (?)" : ""}${pair && ` · ${pair}`}`
    : turn.discarded && t("relate.discarded", { reason: t(`relate.reason.${turn.discarded}`) });
  return (
    <button type="button" className={classes.turn} disabled={!turn.may_correct} onClick={onOpen}>
      <span className={classes.time}>{time(turn.finished_at).replace(/:\d\d(?=\s|$)/, "")}</span>
      <span>{turn.episode.title}</span>
      <span className={classes.range}>
        {clockText(turn.start_ms)} – {clockText(turn.end_ms)}
      </span>
      <span className={classes.said}>{said}</span>
    </button>
  );
}
