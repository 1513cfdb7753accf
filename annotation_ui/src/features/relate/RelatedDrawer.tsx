import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Related } from "../../api/types";
import { TurnsDrawer } from "../../turn/TurnsDrawer";
import { ownRelatedQuery } from "./related";

interface Props {
  project: number;
  opened: boolean;
  onClose: () => void;
  onOpen: (turn: number) => void;
}

/** The clips of today, with the relationship that was chosen or why the clip was discarded. */
export function RelatedDrawer({ project, ...drawer }: Props) {
  const { t } = useTranslation();
  const query = useQuery({ ...ownRelatedQuery(project), enabled: drawer.opened });

  function saidIn(turn: Related): string {
    const pair = turn.people.filter((name) => name !== "").join(" · ");
    if (turn.relationship) {
      return `${t(`relationships.${turn.relationship}`)}${turn.unsure ? " (?)" : ""}${pair && ` · ${pair}`}`;
    }
    return turn.discarded && t("relate.discarded", { reason: t(`relate.reason.${turn.discarded}`) });
  }

  const turns = query.data?.results.map((turn) => ({
    id: turn.id,
    title: turn.episode.title,
    startMs: turn.start_ms,
    endMs: turn.end_ms,
    finishedAt: turn.finished_at,
    mayCorrect: turn.may_correct,
    said: saidIn(turn),
  }));
  return <TurnsDrawer {...drawer} query={query} turns={turns} />;
}
