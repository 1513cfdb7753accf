import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EpisodeDetail } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useCancelAnalysis } from "./queries";

/** Stops an episode's analysis. It asks first only where a step has begun: what merely waits is not lost. */
export function CancelAnalysis({ episode }: { episode: EpisodeDetail }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const cancel = useCancelAnalysis(episode.id);
  const unfinished = episode.jobs.some(({ status }) => status === "running" || status === "waiting");
  const begun = episode.jobs.some(({ status, progress }) => status === "running" && progress > 0);
  const stop = () => cancel.mutate(undefined, { onSettled: () => setAsking(false) });
  return (
    <>
      {cancel.isError && <ErrorPanel error={cancel.error} />}
      {unfinished && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerStop size={15} />}
          loading={cancel.isPending}
          onClick={() => (begun ? setAsking(true) : stop())}
        >
          {t("episodes.cancel")}
        </Button>
      )}
      <Dialog opened={asking} onClose={() => setAsking(false)} title={t("episodes.cancelTitle")}>
        <Stack>
          <Text size="sm">{t("episodes.cancelLead")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t("episodes.cancelNo")}
            </Button>
            <Button data-autofocus color="red" loading={cancel.isPending} onClick={stop}>
              {t("episodes.cancelYes")}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
