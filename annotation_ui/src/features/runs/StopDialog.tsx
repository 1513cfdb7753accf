import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TrainingRunDetail } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useStop } from "./queries";

/** Asks before a training is stopped that may have run for hours. */
export function StopDialog({ run, opened, onClose }: { run: TrainingRunDetail; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const stop = useStop(run.id);
  return (
    <Dialog opened={opened} onClose={onClose} title={t("runs.stopTitle")}>
      <Stack>
        <Text size="sm">{t("runs.stopLead")}</Text>
        {stop.isError && <ErrorPanel error={stop.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("runs.stopNo")}
          </Button>
          <Button
            data-autofocus
            color="red"
            loading={stop.isPending}
            onClick={() => stop.mutate(undefined, { onSuccess: onClose })}
          >
            {t("runs.stop")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
