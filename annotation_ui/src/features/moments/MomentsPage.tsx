import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Notice } from "../../components/Notice";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { TurnGate } from "../../turn/TurnGate";
import { useTurn } from "../../turn/useTurn";
import { MomentsDesk } from "./MomentsDesk";

/** MEmoR step 1: watch an episode and mark the moments of emotion. */
export function MomentsPage() {
  const { t } = useTranslation();
  const turn = useTurn(useIdInUrl(), "moments");
  return (
    <TurnGate query={turn} empty={{ title: t("moments.emptyTitle"), text: t("moments.emptyText") }}>
      {(held) =>
        held.status === "done" ? (
          <Notice title={t("moments.doneTitle")} text={t("moments.doneText")}>
            <Button onClick={() => void turn.takeNext()} loading={turn.isFetching} autoFocus>
              {t("moments.nextEpisode")}
            </Button>
          </Notice>
        ) : (
          <MomentsDesk
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
