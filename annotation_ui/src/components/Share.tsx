import { Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { percentOf } from "./percent";

/** `done` of `total` as a bar and in words. */
export function Share({ label, done, total }: { label: string; done: number; total: number }) {
  const { t } = useTranslation();
  const percent = percentOf(done, total);
  return (
    <Group gap="sm" wrap="nowrap">
      <Progress
        value={percent}
        size="sm"
        color={percent >= 100 ? "teal" : "ink"}
        style={{ flex: 1, minWidth: 70 }}
        aria-label={label}
      />
      <Text size="xs" c="dimmed" ta="right" miw={64} style={{ fontVariantNumeric: "tabular-nums" }}>
        {t("home.of", { done, total })}
      </Text>
    </Group>
  );
}
