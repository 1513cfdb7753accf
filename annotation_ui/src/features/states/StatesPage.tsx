import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { vocabularyQuery } from "../../api/session";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { TurnGate } from "../../turn/TurnGate";
import { useTurn } from "../../turn/useTurn";
import { StatesDesk } from "./StatesDesk";

/** MEmoR step 2: label every main character of a clip, one clip after the other. */
export function StatesPage() {
  const { t } = useTranslation();
  const turn = useTurn(useIdInUrl(), "states");
  const vocabulary = useQuery(vocabularyQuery);
  const ready = { ...turn, isPending: turn.isPending || vocabulary.isPending };
  return (
    <TurnGate query={ready} empty={{ title: t("states.emptyTitle"), text: t("states.emptyText") }}>
      {(held) =>
        vocabulary.data &&
        held.clip && (
          <StatesDesk
            key={`${held.id}:${turn.round}`}
            turn={held}
            clip={held.clip}
            vocabulary={vocabulary.data}
            onFinished={() => void turn.takeNext()}
            onTakeAgain={() => void turn.takeNext()}
            taking={turn.isFetching}
          />
        )
      }
    </TurnGate>
  );
}
