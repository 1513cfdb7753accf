import { Group, NumberInput, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ClipLimits } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { limitsQuery, useDecideLimits } from "./queries";

const MS = 1000;
const FIELDS = [
  { name: "shortest_ms", min: 1, max: 600, unit: MS },
  { name: "longest_ms", min: 1, max: 600, unit: MS },
  { name: "fewest_people", min: 2, max: 100, unit: 1 },
  { name: "most_people", min: 2, max: 100, unit: 1 },
  { name: "candidates", min: 2, max: 9, unit: 1 },
] as const satisfies readonly { name: keyof ClipLimits; min: number; max: number; unit: number }[];

/** Which clips of a project are labelled (rule 2); a change reaches the clips that nobody has answered. */
export function LimitSettings({ project }: { project: number }) {
  const { t } = useTranslation();
  const limits = useQuery(limitsQuery(project));
  const decide = useDecideLimits(project);
  if (limits.isPending) return <Skeleton height={110} radius="md" />;
  if (limits.isError) return <ErrorPanel error={limits.error} onRetry={() => void limits.refetch()} />;
  const wrong = decide.error && "fields" in decide.error ? (decide.error.fields as Record<string, string[]>) : {};
  return (
    <section aria-label={t("clips.limits")}>
      <Title order={2} size="h6">
        {t("clips.limits")}
      </Title>
      <Text size="xs" c="dimmed" mb="xs">
        {t("clips.limitsLead")}
      </Text>
      <Group gap="sm" align="flex-start">
        {FIELDS.map(({ name, min, max, unit }) => {
          const now = limits.data[name] / unit;
          return (
            <NumberInput
              key={`${name} ${now}`}
              label={t(`clips.limit.${name}`)}
              defaultValue={now}
              min={min}
              max={max}
              suffix={unit === MS ? " s" : ""}
              decimalScale={unit === MS ? 1 : 0}
              w={124}
              size="xs"
              disabled={decide.isPending}
              error={wrong[name]?.join(" ")}
              onBlur={(event) => {
                const value = Number.parseFloat(event.currentTarget.value);
                const wanted = Math.min(Math.max(Number.isNaN(value) ? now : value, min), max);
                if (wanted !== now) decide.mutate({ [name]: Math.round(wanted * unit) });
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter") event.currentTarget.blur();
              }}
            />
          );
        })}
      </Group>
      {decide.isError && <ErrorPanel error={decide.error} />}
    </section>
  );
}
