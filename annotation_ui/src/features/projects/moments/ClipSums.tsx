import { Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MomentCounts, MomentsReport } from "../../../api/types";
import { useDates } from "../../../components/useDates";
import classes from "./ClipSums.module.css";

/** The way from moments to clips that are labelled, as a sum that can be read from left to right. */
export function ClipSums({ counts, time }: { counts: MomentCounts; time: MomentsReport["moment_time"] }) {
  const { t } = useTranslation();
  const steps = [
    { sign: "", name: "moments", value: counts.moments },
    { sign: "−", name: "waiting", value: counts.waiting },
    { sign: "−", name: "duplicates", value: counts.duplicates },
    { sign: "=", name: "clips", value: counts.clips },
    { sign: "−", name: "too_long", value: counts.too_long },
    { sign: "=", name: "labelled", value: counts.clips - counts.too_long },
  ] as const;
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)" aria-label={t("report.sum")}>
      <div className={classes.sum}>
        {steps.map((step) => (
          <Step key={step.name} sign={step.sign} label={t(`report.${step.name}`)} value={step.value} />
        ))}
      </div>
      <Text size="sm" c="dimmed" mt="xs">
        {t(`report.time.${time}`)} {time === "corrected" && t("report.corrected", { count: counts.corrected })}
      </Text>
    </Paper>
  );
}

function Step({ sign, label, value }: { sign: string; label: string; value: number }) {
  const { number } = useDates();
  return (
    <>
      {sign && (
        <span className={classes.sign} aria-hidden>
          {sign}
        </span>
      )}
      <div className={classes.step}>
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Text fz={26} fw={650} lh={1.3}>
          {number(value)}
        </Text>
      </div>
    </>
  );
}
