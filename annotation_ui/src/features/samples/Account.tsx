import { Anchor, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { EmotionSet } from "../../api/types";
import { useDates } from "../../components/useDates";
import classes from "./Account.module.css";

/** How many samples there are, and why the other pairs of clip and character give none. */
export function Account({ set, project }: { set: EmotionSet; project: number }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const reasons = set.reasons.filter(({ pairs }) => pairs > 0).sort((a, b) => b.pairs - a.pairs);
  const widest = Math.max(1, set.pairs_with_sample, ...reasons.map(({ pairs }) => pairs));
  const rows = [
    { outcome: "sample" as const, pairs: set.pairs_with_sample },
    ...reasons.map(({ reason, pairs }) => ({ outcome: reason, pairs })),
  ];
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Stack gap={2} justify="center">
          <Text fz={32} fw={650} lh={1.2} style={{ fontVariantNumeric: "tabular-nums" }}>
            {number(set.samples)}
            <Text span size="md" c="dimmed" fw={500}>
              {` ${t("samples.samples", { count: set.samples })}`}
            </Text>
          </Text>
          <Text size="sm">{t("samples.lead", { kept: number(set.pairs_with_sample), pairs: number(set.pairs) })}</Text>
          {set.pairs_unfinished > 0 && (
            <Text size="sm" c="dimmed">
              {t("samples.unfinished", { count: set.pairs_unfinished, k: set.answers_per_clip })}
            </Text>
          )}
        </Stack>
        <ul className={classes.rows} aria-label={t("samples.outcomes")}>
          {rows.map(({ outcome, pairs }) => (
            <li key={outcome} className={classes.row} data-outcome={outcome}>
              <span className={classes.bar} style={{ width: `${(100 * pairs) / widest}%` }} />
              <Group justify="space-between" wrap="nowrap" gap="xs" pos="relative">
                <Anchor
                  component={Link}
                  to={`/projects/${project}?tab=samples&outcome=${outcome}`}
                  size="sm"
                  c="inherit"
                  truncate
                >
                  {t(`samples.outcome.${outcome}`)}
                </Anchor>
                <span className={classes.count}>{number(pairs)}</span>
              </Group>
            </li>
          ))}
        </ul>
      </SimpleGrid>
    </Paper>
  );
}
