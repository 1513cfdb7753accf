import { Button, Group, Paper, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReleaseStatistics } from "../../api/types";
import { ClipPlayer } from "../../components/ClipPlayer";

/** How a pair can share the picture, each with a clip to look at. */
export function InteractionExamples({ examples }: { examples: ReleaseStatistics["examples"] }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string>();
  const shown = examples.find((one) => one.interaction === chosen);
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)" aria-label={t("statistics.examples")}>
      <Title order={3} size="h6" mb="xs">
        {t("statistics.examples")}
      </Title>
      <Group gap={6}>
        {examples.map(({ interaction }) => (
          <Button
            key={interaction}
            size="compact-sm"
            variant={interaction === chosen ? "filled" : "default"}
            aria-pressed={interaction === chosen}
            onClick={() => setChosen(interaction === chosen ? undefined : interaction)}
          >
            {t(`statistics.${interaction}`)}
          </Button>
        ))}
      </Group>
      <Text size="xs" c="dimmed" mt="xs">
        {t(shown ? `statistics.${shown.interaction}Lead` : "statistics.examplesLead")}
      </Text>
      {shown && (
        <>
          <Text size="sm" my="xs">
            {shown.episode.series} · {shown.episode.title} · {shown.clip}
          </Text>
          <ClipPlayer
            key={shown.interaction}
            media={shown.episode}
            startMs={shown.start_ms}
            endMs={shown.end_ms}
            lines={[]}
          />
        </>
      )}
    </Paper>
  );
}
