import { Badge, Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnalysisProgress, WorkStatus } from "../../api/types";
import { useAnalysisWords } from "./useAnalysisWords";
import { useTimeLeft } from "./useTimeLeft";

const COLOURS: Readonly<Record<WorkStatus, string>> = {
  waiting: "gray",
  running: "ink",
  done: "teal",
  failed: "red",
  cancelled: "gray",
};

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
  const timeLeft = useTimeLeft();
  const { both } = useAnalysisWords();
  const { status, progress, step, estimate_s } = analysis;
  return (
    <div style={{ minWidth: 220 }}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mb={5}>
        <StatusBadge status={status} />
        <Text size="xs" c="dimmed" truncate>
          {status === "running" || status === "failed" ? both(step) : ""}
        </Text>
        <Text size="xs" style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
          {estimate_s !== null && `${timeLeft(estimate_s)} · `}
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
