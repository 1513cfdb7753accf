import { Center, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Notice } from "../../components/Notice";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { DialogueDesk } from "./DialogueDesk";
import { useDialogueQuery } from "./useDialogue";

/** What was heard in an episode, on its sound: listened to, corrected, and speakers given to it. */
export function DialoguePage() {
  const { t } = useTranslation();
  const query = useDialogueQuery(useIdInUrl());
  if (query.isPending) {
    return (
      <Center h="100%">
        <Loader aria-label={t("app.loading")} />
      </Center>
    );
  }
  if (query.isError) {
    return (
      <Center h="100%">
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </Center>
    );
  }
  const { media, episode } = query.data.dialogue;
  if (!media) return <Notice title={t("dialogue.title")} text={t("episodes.noMedia")} />;
  return <DialogueDesk key={episode} loaded={query.data} media={media} />;
}
