import { Badge, Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnalysisProgress, WorkStatus } from "../../api/types";

const COLOURS: Readonly<Record<WorkStatus, string>> = { waiting: "gray", running: "ink", done: "teal", failed: "red" };

export function StatusBadge({ status }: { status: WorkStatus }) {
  const { t } = useTranslation();
  return (
    <Badge variant="light" color={COLOURS[status]} tt="none">
      {t(`work.${status}`)}
    </Badge>
  );
}

/** How far the analysis is, and what it does just now. Always of the same height. */
export function AnalysisBar({ analysis }: { analysis: AnalysisProgress }) {
  const { t } = useTranslation();
  const { status, progress, step } = analysis;
  return (
    <div style={{ minWidth: 220 }}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mb={5}>
        <StatusBadge status={status} />
        <Text size="xs" c="dimmed" truncate>
          {status === "running" || status === "failed" ? step : ""}
        </Text>
        <Text size="xs" style={{ fontVariantNumeric: "tabular-nums" }}>
          {progress} %
        </Text>
      </Group>
      <Progress
        value={progress}
        size="sm"
        color={COLOURS[status]}
        animated={status === "running"}
        aria-label={t("episodes.progress", { percent: progress })}
      />
    </div>
  );
}
