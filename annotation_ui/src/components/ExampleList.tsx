import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ClipPlayer } from "./ClipPlayer";
import { ErrorPanel } from "./ErrorPanel";
import { exemplarsQuery } from "./exemplars";
import { useLabelName } from "./useEmotionName";

interface Props {
  project: number;
  /** The label whose example is shown first, if it has one. */
  label?: string;
}

/** What labels look like: a clip for each that an admin chose one for. */
export function ExampleList({ project, label = "" }: Props) {
  const { t } = useTranslation();
  const name = useLabelName();
  const exemplars = useQuery(exemplarsQuery(project));
  const [chosen, setChosen] = useState(label);
  if (exemplars.isError) return <ErrorPanel error={exemplars.error} onRetry={() => void exemplars.refetch()} />;
  if (!exemplars.data) return null;
  const shown = exemplars.data.find((one) => one.label === chosen);
  return (
    <Stack component="section" aria-label={t("exemplars.title")} gap="xs" mb="lg">
      <Title order={3} size="h6">
        {t("exemplars.title")}
      </Title>
      {exemplars.data.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("exemplars.none")}
        </Text>
      )}
      <Group gap={6}>
        {exemplars.data.map((one) => (
          <Button
            key={one.label}
            size="compact-sm"
            variant={one.label === chosen ? "filled" : "default"}
            aria-pressed={one.label === chosen}
            onClick={() => setChosen(one.label === chosen ? "" : one.label)}
          >
            {name(one.label)}
          </Button>
        ))}
      </Group>
      {shown && (
        <>
          <Text size="sm">
            <b>
              {shown.character && `${shown.character}: `}
              {name(shown.label)}
            </b>
            {shown.note && ` · ${shown.note}`}
          </Text>
          <ClipPlayer
            key={shown.label}
            media={shown.episode}
            startMs={shown.start_ms}
            endMs={shown.end_ms}
            lines={shown.lines}
          />
        </>
      )}
    </Stack>
  );
}
