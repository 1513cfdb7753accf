import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ownProjectQuery, ownTurnsQuery } from "./history";

/** How many clips were done today, and how many wait. */
export function DayProgress({ project }: { project: number }) {
  const { t } = useTranslation();
  const today = useQuery(ownTurnsQuery(project)).data?.count;
  const left = useQuery(ownProjectQuery(project)).data?.mine.states.available;
  return (
    <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>
      {today !== undefined && t("states.today", { count: today })}
      {today !== undefined && left !== undefined && " · "}
      {left !== undefined && t("states.left", { count: left })}
    </Text>
  );
}
