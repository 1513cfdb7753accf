import { Button, Group, NumberInput, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { useSessionStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmotionSet } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import { useCommands } from "../../commands/useCommands";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Account } from "./Account";
import { emotionsCommands } from "./commands";
import { EmotionFlow } from "./EmotionFlow";
import { isSameSet, toggled, withAtLeast } from "./emotionSet";
import { emotionsQuery, useKeepEmotions } from "./queries";

const RARE_BELOW = 10;

/** Which of the 24 are classes of their own in this project's releases, with what there is of each. */
export function EmotionsTab({ project }: { project: number }) {
  const emotions = useQuery(emotionsQuery(project));
  if (emotions.isPending) return <Skeleton height={520} radius="md" />;
  if (emotions.isError) return <ErrorPanel error={emotions.error} onRetry={() => void emotions.refetch()} />;
  return (
    <Stack gap="md">
      <Account set={emotions.data} project={project} />
      <EmotionSetEditor project={project} set={emotions.data} />
    </Stack>
  );
}

function EmotionSetEditor({ project, set }: { project: number; set: EmotionSet }) {
  const { t } = useTranslation();
  // A choice that is not saved yet outlives a look at another tab or a reload.
  const [draft, setDraft] = useSessionStorage<string[] | null>({
    key: `affectory:emotion-set:${project}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const [least, setLeast] = useState<number | string>(RARE_BELOW);
  const keep = useKeepEmotions(project);
  const kept = draft ?? set.kept;
  const isChanged = !isSameSet(kept, set.kept);
  const commands = useCommands(emotionsCommands, {
    isChanged: isChanged && !keep.isPending,
    isPublished: isSameSet(kept, set.published),
    save: () => keep.mutate([...kept], { onSuccess: () => setDraft(null) }),
    reset: () => setDraft(null),
    publish: () => setDraft(set.published),
  });
  const rareBelow = Number(least) || 0;
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)">
      <Group justify="space-between" align="flex-end" mb="md">
        <Text size="sm" c="dimmed" maw={560}>
          {t("emotionSet.lead")}
        </Text>
        <Group gap="xs" align="flex-end">
          <NumberInput
            w={150}
            size="xs"
            label={t("emotionSet.least")}
            min={1}
            max={9999}
            allowDecimal={false}
            value={least}
            onChange={setLeast}
          />
          <Button size="xs" variant="default" onClick={() => setDraft(withAtLeast(set.labels, rareBelow))}>
            {t("emotionSet.keepFrequent")}
          </Button>
          <CommandButton command={commands.get("emotionSet.published")} size="xs" variant="default" />
        </Group>
      </Group>
      <EmotionFlow
        labels={set.labels}
        kept={kept}
        rareBelow={rareBelow}
        onToggle={(name) => setDraft(toggled(kept, name))}
      />
      <Group justify="space-between" mt="md" mih={36}>
        <Text size="sm" c={isChanged ? "orange" : "dimmed"} role="status">
          {t(isChanged ? "emotionSet.unsaved" : "emotionSet.inUse")}
        </Text>
        <Group gap="xs">
          <CommandButton command={commands.get("emotionSet.reset")} size="sm" variant="default" />
          <CommandButton command={commands.get("emotionSet.save")} size="sm" />
        </Group>
      </Group>
      {keep.isError && <ErrorPanel error={keep.error} />}
    </Paper>
  );
}
