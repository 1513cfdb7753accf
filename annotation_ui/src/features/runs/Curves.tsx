import { Group, Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TrainingRunDetail } from "../../api/types";
import { bordersOf, linesOf } from "./curves";
import { LineChart } from "./LineChart";

const LOSSES = ["train_loss", "validation_loss"] as const;
const SCORES = ["micro_f1", "weighted_f1", "macro_f1"] as const;

/** How a seed learned, also while it learns. */
export function Curves({ run, seed }: { run: TrainingRunDetail; seed: number }) {
  const { t } = useTranslation();
  const losses = linesOf(run.curves, seed, LOSSES);
  const scores = SCORES.flatMap((score) =>
    linesOf(run.curves, seed, [`validation_${score}`]).map(({ measure, values }) => ({
      measure,
      values: values.map((value) => 100 * value),
      name: t(`runs.scores.${score}`),
    })),
  );
  const borders = bordersOf(run.curves, seed);
  const best = run.results.find((one) => one.seed === seed)?.best_epoch;
  const chosen = best === undefined ? undefined : (borders.at(-1) ?? 0) + best;
  const sides = { train_loss: t("runs.trainSide"), validation_loss: t("runs.validationSide") };
  return (
    <Paper component="section" aria-label={t("runs.curves")} withBorder radius="lg" p="md" bg="var(--panel)">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          {t("runs.curves")}
        </Title>
        {best !== undefined && (
          <Text size="sm" c="dimmed">
            {t("runs.bestAt", { epoch: best })}
          </Text>
        )}
      </Group>
      {losses.length === 0 ? (
        <Text size="sm" c="dimmed" mih={220}>
          {t("runs.curvesNone")}
        </Text>
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
          <LineChart
            title={t("runs.scores.loss")}
            digits={3}
            lines={losses.map((line) => ({ ...line, name: sides[line.measure as keyof typeof sides] }))}
            borders={borders}
            chosen={chosen}
          />
          {scores.length > 0 && (
            <LineChart title={t("runs.onValidation")} digits={1} lines={scores} borders={borders} chosen={chosen} />
          )}
        </SimpleGrid>
      )}
    </Paper>
  );
}
