import { Button, Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Notice } from "../../components/Notice";
import { useOutbox } from "../../saving/SavingProvider";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { TurnGate } from "../../turn/TurnGate";
import { useTurn } from "../../turn/useTurn";
import { LocateDesk } from "./LocateDesk";
import { locatingQuery } from "./queries";

/** ERATO step 1: mark where two people interact. */
export function LocatePage() {
  const { t } = useTranslation();
  const turn = useTurn(useIdInUrl(), "locate");
  return (
    <TurnGate query={turn} empty={{ title: t("locate.emptyTitle"), text: t("locate.emptyText") }}>
      {(held) =>
        held.status === "done" ? (
          <Notice title={t("locate.doneTitle")} text={t("locate.doneText")}>
            <Button onClick={() => void turn.takeNext()} loading={turn.isFetching} autoFocus>
              {t("locate.nextEpisode")}
            </Button>
          </Notice>
        ) : (
          <Loaded
            key={`${held.id}:${turn.round}`}
            turn={held}
            onFinished={turn.put}
            onTakeAgain={() => void turn.takeNext()}
            taking={turn.isFetching}
          />
        )
      }
    </TurnGate>
  );
}

interface Props {
  turn: AssignmentDetail;
  onFinished: (turn: AssignmentDetail) => void;
  onTakeAgain: () => void;
  taking: boolean;
}

/** Waits for what is known of the episode. */
function Loaded(props: Props) {
  const { t } = useTranslation();
  const query = useQuery(locatingQuery(props.turn.id, useOutbox()));
  if (query.data) return <LocateDesk {...props} {...query.data} />;
  return (
    <Center h="100%">
      {query.isPending ? (
        <Loader aria-label={t("app.loading")} />
      ) : (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Center>
  );
}
