import { Button, Group, Paper, Stack, Switch, Text, Title, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CrossCheck } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { NumberSetting } from "../../components/NumberSetting";
import { useDecideCrossCheck, useDrawWeeks } from "./queries";

const LARGEST_SEED = 2 ** 31 - 1;

export function CrossCheckSettingsPanel({ project, page }: { project: number; page: CrossCheck }) {
  const { t } = useTranslation();
  const decide = useDecideCrossCheck(project);
  const draw = useDrawWeeks(project);
  const { is_on, percent, others, seed } = page.settings;
  const error = decide.error ?? draw.error;
  return (
    <Paper component="section" aria-label={t("crossCheck.title")} withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="sm">
        {t("crossCheck.title")}
      </Title>
      <Stack gap="md">
        <Switch
          label={t("crossCheck.on")}
          description={t("crossCheck.onLead")}
          checked={(decide.isPending ? decide.variables.is_on : undefined) ?? is_on}
          onChange={(event) => decide.mutate({ is_on: event.currentTarget.checked })}
        />
        <Group gap="xl" align="flex-end">
          <NumberSetting
            label={t("crossCheck.percent")}
            value={percent}
            min={1}
            max={100}
            suffix=" %"
            onDecide={(value) => decide.mutate({ percent: value })}
          />
          <NumberSetting
            label={t("crossCheck.others")}
            value={others}
            min={1}
            max={8}
            onDecide={(value) => decide.mutate({ others: value })}
          />
          <NumberSetting
            label={t("crossCheck.seed")}
            value={seed}
            min={0}
            max={LARGEST_SEED}
            onDecide={(value) => decide.mutate({ seed: value })}
          />
        </Group>
        <Group gap="sm">
          <Tooltip label={t("crossCheck.drawLead")} withArrow>
            <Button size="xs" variant="light" disabled={!is_on} loading={draw.isPending} onClick={() => draw.mutate()}>
              {t("crossCheck.draw")}
            </Button>
          </Tooltip>
          <Text size="sm" c="dimmed">
            {t("crossCheck.drawn", { count: page.drawn.length })}
          </Text>
        </Group>
        {error && <ErrorPanel error={error} />}
      </Stack>
    </Paper>
  );
}
