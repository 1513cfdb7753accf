import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { vocabularyQuery } from "../../api/session";
import type { AssignmentDetail } from "../../api/types";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { TurnGate } from "../../turn/TurnGate";
import { useTurn } from "../../turn/useTurn";
import { upcomingQuery } from "./history";
import { StatesDesk } from "./StatesDesk";
import { useOwnTurn } from "./useOwnTurn";
import { useWarmVideo } from "./useWarmVideo";

/** MEmoR step 2: label every main character of a clip, one clip after the other. `?turn=` opens an earlier one again. */
export function StatesPage() {
  const project = useIdInUrl();
  const [search, setSearch] = useSearchParams();
  const earlier = Number(search.get("turn")) || undefined;
  const open = (turn?: number) => setSearch(turn === undefined ? {} : { turn: String(turn) });
  return earlier === undefined ? (
    <CurrentClip project={project} onOpen={open} />
  ) : (
    <EarlierClip key={earlier} assignment={earlier} onOpen={open} />
  );
}

interface Props {
  /** Open an earlier turn, or the current one again. */
  onOpen: (turn?: number) => void;
}

function CurrentClip({ project, onOpen }: Props & { project: number }) {
  const { t } = useTranslation();
  const turn = useTurn(project, "states");
  useWarmVideo(useQuery(upcomingQuery(project)).data);
  return (
    <Desk
      query={turn}
      empty={{ title: t("states.emptyTitle"), text: t("states.emptyText") }}
      round={turn.round}
      onFinished={() => void turn.takeNext()}
      onTakeAgain={() => void turn.takeNext()}
      onOpen={onOpen}
    />
  );
}

function EarlierClip({ assignment, onOpen }: Props & { assignment: number }) {
  const { t } = useTranslation();
  const turn = useOwnTurn(assignment);
  const back = () => onOpen();
  return (
    <Desk
      query={turn}
      empty={{ title: t("app.notFound"), text: "" }}
      round={0}
      onFinished={back}
      onTakeAgain={back}
      onOpen={onOpen}
    />
  );
}

interface DeskProps extends Props {
  query: Parameters<typeof TurnGate>[0]["query"] & { isFetching: boolean };
  empty: { title: string; text: string };
  round: number;
  onFinished: () => void;
  onTakeAgain: () => void;
}

function Desk({ query, empty, round, ...desk }: DeskProps) {
  const vocabulary = useQuery(vocabularyQuery);
  const ready = { ...query, isPending: query.isPending || vocabulary.isPending };
  return (
    <TurnGate query={ready} empty={empty}>
      {(held: AssignmentDetail) =>
        vocabulary.data &&
        held.clip && (
          <StatesDesk
            key={`${held.id}:${round}`}
            turn={held}
            clip={held.clip}
            vocabulary={vocabulary.data}
            taking={query.isFetching}
            {...desk}
          />
        )
      }
    </TurnGate>
  );
}
