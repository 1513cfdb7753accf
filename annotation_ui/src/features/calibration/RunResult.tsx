import { Alert, Group, List, Paper, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Calibration, MyCalibration } from "../../api/types";
import { DelayPlot } from "./DelayPlot";

/** What a run says, at once, and what was wrong with one that cannot be used. */
export function RunResult({ run, clip }: { run: Calibration; clip: MyCalibration["clip"] }) {
  const { t } = useTranslation();
  const shown = run.delays_ms.length;
  const box = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run is what is to be seen
  useEffect(() => {
    box.current?.scrollIntoView?.({ block: "end" });
  }, [run.id]);
  return (
    <Paper
      ref={box}
      component="section"
      withBorder
      radius="lg"
      p="md"
      bg="var(--panel)"
      aria-label={t("calibration.result")}
    >
      <Group gap="xl" mb="xs">
        <Figure label={t("calibration.delay")} value={run.delay_ms} />
        <Figure
          label={t("calibration.spread")}
          value={run.spread_ms}
          note={t("calibration.deviation", { ms: run.deviation_ms ?? "–" })}
        />
        <div>
          <Text size="xs" c="dimmed">
            {t("calibration.hits")}
          </Text>
          <Title order={2} size="h3">
            {t("home.of", { done: run.hits, total: shown })}
          </Title>
          <Text size="xs" c="dimmed">
            {t("calibration.discarded", { count: run.discarded })}
          </Text>
        </div>
      </Group>
      <DelayPlot run={run} />
      {run.usable ? (
        <Alert mt="sm" color="teal" variant="light" icon={<IconCircleCheck size={18} />} role="status">
          {t("calibration.good")}
        </Alert>
      ) : (
        <Alert
          mt="sm"
          color="orange"
          variant="light"
          icon={<IconAlertTriangle size={18} />}
          title={t("calibration.bad")}
          role="alert"
        >
          <List size="sm">
            {run.problems.map((problem) => (
              <List.Item key={problem}>
                {t(`calibration.${problem}`, { fewest: clip.fewest_hits, widest: clip.widest_spread_ms })}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Paper>
  );
}

function Figure({ label, value, note }: { label: string; value: number | null; note?: string }) {
  const { t } = useTranslation();
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Title order={2} size="h3">
        {value === null ? "–" : t("calibration.ms", { ms: value })}
      </Title>
      <Text size="xs" c="dimmed">
        {note ?? t("calibration.median")}
      </Text>
    </div>
  );
}
