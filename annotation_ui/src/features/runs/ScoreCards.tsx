import { Group, Paper, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Scores, TrainingRunDetail } from "../../api/types";
import { useDates } from "../../components/useDates";

const SHOWN = ["weighted_f1", "micro_f1", "macro_f1", "ua"] as const satisfies readonly (keyof Scores)[];

/** The test scores over all seeds, each beside what always saying the same would get. */
export function ScoreCards({ run }: { run: TrainingRunDetail }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const { summary, options } = run;
  if (!summary) return null;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      {SHOWN.map((score) => {
        const value = 100 * summary.mean[score];
        const constant = 100 * summary.constant[score];
        const above = value - constant;
        return (
          <Paper
            key={score}
            withBorder
            radius="lg"
            p="md"
            bg="var(--panel)"
            role="group"
            aria-label={t(`runs.scores.${score}`)}
          >
            <Text size="sm" fw={600}>
              {t(`runs.scores.${score}`)}
            </Text>
            <Group gap={6} align="baseline" wrap="nowrap" style={{ fontVariantNumeric: "tabular-nums" }}>
              <Text fz={28} fw={640} lh={1.3}>
                {number(value, 1)}
              </Text>
              {options.seeds > 1 && (
                <Text size="sm" c="dimmed">
                  ± {number(100 * summary.deviation[score], 1)}
                </Text>
              )}
            </Group>
            <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
              {t("runs.constantValue", { value: number(constant, 1) })}
              <Text span size="sm" fw={600} c={above > 0 ? "teal" : "red"}>
                {` · ${t(above >= 0 ? "runs.better" : "runs.worse", { points: number(Math.abs(above), 1) })}`}
              </Text>
            </Text>
            <Text size="xs" c="dimmed" mt={4}>
              {t(`runs.scoresLead.${score}`)}
            </Text>
          </Paper>
        );
      })}
    </SimpleGrid>
  );
}
