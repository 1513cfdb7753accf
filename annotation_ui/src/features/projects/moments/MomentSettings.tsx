import { Input, NumberInput, SegmentedControl, Stack, Switch, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProjectSettings } from "../../../api/types";
import { ErrorPanel } from "../../../components/ErrorPanel";
import { useDecideMoments } from "./queries";

const SHORTEST_S = 0.1;
const LONGEST_S = 30;

/** How moments are marked, and which of their times makes clips. */
export function MomentSettings({ project, settings }: { project: number; settings: ProjectSettings }) {
  const { t } = useTranslation();
  const decide = useDecideMoments(project);
  const now = { ...settings, ...(decide.isPending ? decide.variables : {}) };
  return (
    <section aria-label={t("momentSettings.title")}>
      <Title order={2} size="h6" mb="sm">
        {t("momentSettings.title")}
      </Title>
      <Stack gap="md">
        <Switch
          label={t("momentSettings.refuse")}
          description={t("momentSettings.refuseLead")}
          checked={now.unwatched === "refuse"}
          disabled={decide.isPending}
          onChange={(event) => decide.mutate({ unwatched: event.currentTarget.checked ? "refuse" : "warn" })}
        />
        <Input.Wrapper
          label={t("momentSettings.time")}
          description={t(settings.moment_time_is_fixed ? "momentSettings.timeFixed" : "momentSettings.timeLead")}
        >
          <SegmentedControl
            mt={6}
            style={{ display: "flex", width: "fit-content" }}
            aria-label={t("momentSettings.time")}
            disabled={settings.moment_time_is_fixed || decide.isPending}
            value={now.moment_time}
            onChange={(value) => decide.mutate({ moment_time: value === "corrected" ? "corrected" : "raw" })}
            data={[
              { value: "raw", label: t("momentSettings.raw") },
              { value: "corrected", label: t("momentSettings.corrected") },
            ]}
          />
        </Input.Wrapper>
        <Tolerance
          key={settings.moment_tolerance_ms}
          ms={settings.moment_tolerance_ms}
          onKeep={(moment_tolerance_ms) => decide.mutate({ moment_tolerance_ms })}
        />
        {decide.isError && <ErrorPanel error={decide.error} />}
      </Stack>
    </section>
  );
}

function Tolerance({ ms, onKeep }: { ms: number; onKeep: (ms: number) => void }) {
  const { t } = useTranslation();
  const [seconds, setSeconds] = useState<number | string>(ms / 1000);
  function keep() {
    const wanted = Math.round(Number(seconds) * 1000);
    const isOne = seconds !== "" && wanted >= SHORTEST_S * 1000 && wanted <= LONGEST_S * 1000;
    if (!isOne) setSeconds(ms / 1000);
    else if (wanted !== ms) onKeep(wanted);
  }
  return (
    <NumberInput
      w={320}
      label={t("momentSettings.tolerance")}
      description={t("momentSettings.toleranceLead")}
      min={SHORTEST_S}
      max={LONGEST_S}
      step={0.5}
      decimalScale={1}
      suffix=" s"
      value={seconds}
      onChange={setSeconds}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep();
      }}
    />
  );
}
