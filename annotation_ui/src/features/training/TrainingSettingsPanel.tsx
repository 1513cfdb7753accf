import { Group, Paper, Stack, Switch, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnnotatorTraining } from "../../api/types";
import { NumberSetting } from "../../components/NumberSetting";
import type { TrainingChange } from "./queries";

const HIGHEST_GOLD = 50;

interface Props {
  /** As they are, and as they will be once a change that is on its way is kept. */
  settings: AnnotatorTraining["settings"];
  change: (change: TrainingChange) => void;
}

export function TrainingSettingsPanel({ settings, change }: Props) {
  const { t } = useTranslation();
  const { trains, training_threshold, opens_by_itself, gold_percent } = settings;
  return (
    <Paper component="section" aria-label={t("training.settings")} withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="sm">
        {t("training.settings")}
      </Title>
      <Stack gap="md">
        <Switch
          label={t("training.trains")}
          description={t("training.trainsLead")}
          checked={trains}
          onChange={(event) => change({ type: "settings", settings: { trains: event.currentTarget.checked } })}
        />
        <Group gap="xl" align="flex-end">
          <NumberSetting
            label={t("training.threshold")}
            value={training_threshold}
            min={0}
            max={100}
            suffix=" %"
            onDecide={(value) => change({ type: "settings", settings: { training_threshold: value } })}
          />
          <Switch
            label={t("training.opensByItself")}
            checked={opens_by_itself}
            mb={8}
            onChange={(event) =>
              change({ type: "settings", settings: { opens_by_itself: event.currentTarget.checked } })
            }
          />
        </Group>
        <NumberSetting
          label={t("training.gold")}
          description={t("training.goldLead")}
          value={gold_percent}
          min={0}
          max={HIGHEST_GOLD}
          suffix=" %"
          onDecide={(value) => change({ type: "settings", settings: { gold_percent: value } })}
        />
      </Stack>
    </Paper>
  );
}
