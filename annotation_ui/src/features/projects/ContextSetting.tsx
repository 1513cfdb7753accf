import { Group, NumberInput, Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useAllowContext } from "./queries";

const USUAL_S = 30;
const LONGEST_S = 600;

/** Whether annotators of states may watch what came before a clip, and how much of it. */
export function ContextSetting({ project, contextMs }: { project: number; contextMs: number }) {
  const { t } = useTranslation();
  const allow = useAllowContext(project);
  const seconds = Math.round((allow.isPending ? allow.variables : contextMs) / 1000);
  const decide = (wanted: number) => {
    const within = Math.min(Math.max(Math.round(wanted), 0), LONGEST_S);
    if (within !== seconds) allow.mutate(1000 * within);
  };
  return (
    <Stack gap="xs">
      <Switch
        label={t("exemplars.context")}
        description={t("exemplars.contextLead")}
        checked={seconds > 0}
        disabled={allow.isPending}
        onChange={(event) => decide(event.currentTarget.checked ? USUAL_S : 0)}
      />
      {seconds > 0 && (
        <Group gap="xs" pl={52}>
          <NumberInput
            key={seconds}
            aria-label={t("exemplars.contextSeconds")}
            defaultValue={seconds}
            min={1}
            max={LONGEST_S}
            suffix=" s"
            w={110}
            size="xs"
            allowDecimal={false}
            onBlur={(event) => decide(Number.parseInt(event.currentTarget.value, 10) || seconds)}
            onKeyDown={(event) => {
              if (event.key === "Enter") event.currentTarget.blur();
            }}
          />
        </Group>
      )}
      {allow.isError && <ErrorPanel error={allow.error} />}
    </Stack>
  );
}
