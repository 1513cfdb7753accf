import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import type { AssignmentDetail } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useOutbox } from "../../saving/SavingProvider";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { TurnGate } from "../../turn/TurnGate";
import { useTurn } from "../../turn/useTurn";
import { upcomingQuery } from "../states/history";
import { useOwnTurn } from "../states/useOwnTurn";
import { useWarmVideo } from "../states/useWarmVideo";
import { relatingQuery } from "./queries";
import { RelateDesk } from "./RelateDesk";

/** ERATO's labelling: subtitles, pair, relationship, one clip after the other. `?turn=` opens an earlier one again. */
export function RelatePage() {
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
  const turn = useTurn(project, "relate");
  useWarmVideo(useQuery(upcomingQuery(project)).data);
  return (
    <TurnGate query={turn} empty={{ title: t("relate.emptyTitle"), text: t("relate.emptyText") }}>
      {(held) => (
        <Desk
          held={held}
          round={turn.round}
          taking={turn.isFetching}
          onFinished={() => void turn.takeNext()}
          onTakeAgain={() => void turn.takeNext()}
          onOpen={onOpen}
        />
      )}
    </TurnGate>
  );
}

function EarlierClip({ assignment, onOpen }: Props & { assignment: number }) {
  const { t } = useTranslation();
  const turn = useOwnTurn(assignment);
  const back = () => onOpen();
  return (
    <TurnGate query={turn} empty={{ title: t("app.notFound"), text: "" }}>
      {(held) => <Desk held={held} round={0} taking={false} onFinished={back} onTakeAgain={back} onOpen={onOpen} />}
    </TurnGate>
  );
}

interface DeskProps extends Props {
  held: AssignmentDetail;
  round: number;
  taking: boolean;
  onFinished: () => void;
  onTakeAgain: () => void;
}

/** What is loaded of a turn at a pair, and then its desk. */
function Desk({ held, round, ...desk }: DeskProps) {
  const { t } = useTranslation();
  const { data, isError, error, refetch } = useQuery(relatingQuery(held.id, round, useOutbox()));
  if (data) return <RelateDesk key={`${held.id}:${round}`} loaded={data} {...desk} />;
  return (
    <Center h="100%">
      {isError ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Loader aria-label={t("app.loading")} />}
    </Center>
  );
}
