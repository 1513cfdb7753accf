import { Alert, Button, Group, Progress, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { TrainingRunDetail } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { isBusy, useTryAgain } from "./queries";

/** How far a run is that has not ended well yet, and what can be done. */
export function RunState({ run }: { run: TrainingRunDetail }) {
  const { t } = useTranslation();
  const again = useTryAgain(run.id);
  if (isBusy(run.status)) {
    return (
      <div>
        <Progress
          value={run.progress}
          animated={run.status === "running"}
          aria-label={t("runs.progress", { number: run.number, percent: run.progress })}
        />
        <Group justify="space-between" mt={4} mih={20}>
          <Text size="xs" c="dimmed">
            {run.step || run.error || t("runs.gpu")}
          </Text>
          <Text size="xs" style={{ fontVariantNumeric: "tabular-nums" }}>
            {run.progress} %
          </Text>
        </Group>
      </div>
    );
  }
  if (run.status === "done") return null;
  return (
    <Alert
      color={run.status === "failed" ? "red" : "gray"}
      variant="light"
      icon={<IconAlertCircle size={18} />}
      title={t(`work.${run.status}`)}
      role="alert"
    >
      <Group justify="space-between" align="flex-end">
        <Text size="sm" style={{ flex: 1 }}>
          {run.error}
        </Text>
        <Button size="xs" variant="light" loading={again.isPending} onClick={() => again.mutate()}>
          {t("runs.again")}
        </Button>
      </Group>
      {again.isError && <ErrorPanel error={again.error} />}
    </Alert>
  );
}
