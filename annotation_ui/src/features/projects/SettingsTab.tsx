import { Group, Paper, Skeleton, Stack, Switch, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Project, ProjectSettings } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { LimitSettings } from "../clips/LimitSettings";
import { StatusBadge } from "../episodes/AnalysisBar";
import { AnswersPerClip } from "../samples/AnswersPerClip";
import { StorySettings } from "../storyboard/StorySettings";
import { ContextSetting } from "./ContextSetting";
import { MomentSettings } from "./moments/MomentSettings";
import { settingsQuery, useHardestFirst, useShowSuggestions } from "./queries";

/** What admins decide about a project. */
export function SettingsTab({ project, protocol }: { project: number; protocol: Project["protocol"] | undefined }) {
  if (protocol === "memor") return <MemorSettings project={project} />;
  if (protocol === undefined) return <Skeleton height={180} radius="md" />;
  return <EratoSettings project={project} />;
}

function EratoSettings({ project }: { project: number }) {
  const settings = useQuery(settingsQuery(project));
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)" maw={760}>
      <Stack gap="lg">
        <StorySettings project={project} />
        <LimitSettings project={project} />
        {settings.isPending && <Skeleton height={76} radius="md" />}
        {settings.isError && <ErrorPanel error={settings.error} onRetry={() => void settings.refetch()} />}
        {settings.data && <AnswersPerClip project={project} protocol="erato" settings={settings.data} />}
      </Stack>
    </Paper>
  );
}

function MemorSettings({ project }: { project: number }) {
  const { t } = useTranslation();
  const settings = useQuery(settingsQuery(project));
  const show = useShowSuggestions(project);
  if (settings.isPending) return <Skeleton height={180} radius="md" />;
  if (settings.isError) return <ErrorPanel error={settings.error} onRetry={() => void settings.refetch()} />;
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)" maw={720}>
      <Stack gap="lg">
        <Switch
          label={t("settings.suggestions")}
          description={t("settings.suggestionsLead")}
          checked={show.isPending ? show.variables : settings.data.shows_suggestions}
          disabled={show.isPending}
          onChange={(event) => show.mutate(event.currentTarget.checked)}
        />
        {show.isError && <ErrorPanel error={show.error} />}
        <ContextSetting project={project} contextMs={settings.data.context_ms} />
        <Model settings={settings.data} />
        <HardestFirst project={project} settings={settings.data} />
        <AnswersPerClip project={project} protocol="memor" settings={settings.data} />
        <MomentSettings project={project} settings={settings.data} />
      </Stack>
    </Paper>
  );
}

function HardestFirst({ project, settings }: { project: number; settings: ProjectSettings }) {
  const { t } = useTranslation();
  const order = useHardestFirst(project);
  return (
    <>
      <Switch
        label={t("settings.hardest")}
        description={t("settings.hardestLead")}
        checked={order.isPending ? order.variables : settings.hardest_first}
        disabled={order.isPending || (!settings.prelabeller && !settings.hardest_first)}
        onChange={(event) => order.mutate(event.currentTarget.checked)}
      />
      {order.isError && <ErrorPanel error={order.error} />}
    </>
  );
}

function Model({ settings }: { settings: ProjectSettings }) {
  const { t } = useTranslation();
  const { prelabeller, prelabelling, prelabelling_error } = settings;
  return (
    <section aria-label={t("settings.model")}>
      <Title order={2} size="h6">
        {t("settings.model")}
      </Title>
      {prelabeller && (
        <Group gap="xs" mih={28}>
          <Text size="sm" ff="monospace">
            {prelabeller}
          </Text>
          {prelabelling && <StatusBadge status={prelabelling} />}
        </Group>
      )}
      <Text size="xs" c="dimmed">
        {t(prelabeller ? "settings.modelLead" : "settings.modelNone")}
      </Text>
      {prelabelling_error && (
        <Text size="sm" c="red" mt={4}>
          {prelabelling_error}
        </Text>
      )}
    </section>
  );
}
