import { Drawer, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OwnTurn } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useDates } from "../../components/useDates";
import { useEmotionName } from "../../components/useEmotionName";
import { clockText } from "../../media/timecode";
import classes from "./HistoryDrawer.module.css";
import { ownTurnsQuery } from "./history";

interface Props {
  project: number;
  opened: boolean;
  onClose: () => void;
  onOpen: (turn: number) => void;
}

/** The clips of today, the last one first: each can be opened again and corrected. */
export function HistoryDrawer({ project, opened, onClose, onOpen }: Props) {
  const { t } = useTranslation();
  const turns = useQuery({ ...ownTurnsQuery(project), enabled: opened });
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

function Turn({ turn, onOpen }: { turn: OwnTurn; onOpen: () => void }) {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  const { time } = useDates();
  const said = turn.said.map(({ character, status, fine_grained, unsure }) => {
    const felt = fine_grained ? emotion(fine_grained) : t(`states.key.${status}`);
    return `${character}: ${felt}${unsure ? " (?)" : ""}`;
  });
  return (
    <button type="button" className={classes.turn} disabled={!turn.may_correct} onClick={onOpen}>
      <span className={classes.time}>{time(turn.finished_at).replace(/:\d\d(?=\s|$)/, "")}</span>
      <span>{turn.title}</span>
      <span className={classes.range}>
        {clockText(turn.start_ms)} – {clockText(turn.end_ms)}
      </span>
      <span className={classes.said}>{said.join(" · ")}</span>
    </button>
  );
}
