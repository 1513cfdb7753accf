import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OwnTurn } from "../../api/types";
import { useEmotionName } from "../../components/useEmotionName";
import { TurnsDrawer } from "../../turn/TurnsDrawer";
import { ownTurnsQuery } from "./history";

interface Props {
  project: number;
  opened: boolean;
  onClose: () => void;
  onOpen: (turn: number) => void;
}

/** The clips of today, with what was said of each character. */
export function HistoryDrawer({ project, ...drawer }: Props) {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  const query = useQuery({ ...ownTurnsQuery(project), enabled: drawer.opened });

  function saidIn(turn: OwnTurn): string {
    const said = turn.said.map(({ character, status, fine_grained, unsure }) => {
      const felt = fine_grained ? emotion(fine_grained) : t(`states.key.${status}`);
      return `${character}: ${felt}${unsure ? " (?)" : ""}`;
    });
    return said.join(" · ");
  }

  const turns = query.data?.results.map((turn) => ({
    id: turn.id,
    title: turn.title,
    startMs: turn.start_ms,
    endMs: turn.end_ms,
    finishedAt: turn.finished_at,
    mayCorrect: turn.may_correct,
    said: saidIn(turn),
  }));
  return <TurnsDrawer {...drawer} query={query} turns={turns} />;
}
