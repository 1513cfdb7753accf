import { Group, NumberInput, Skeleton, Text, Title } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../api/client";
import { inTurn } from "../../api/inTurn";
import type { StorySettings as Settings } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { StatusBadge } from "../episodes/AnalysisBar";

const LOOK_AGAIN_MS = 2000;

const FIELDS = [
  { name: "longest", min: 2, max: 1000, digits: 0 },
  { name: "shots_per_scene", min: 1, max: 100, digits: 1 },
  { name: "fresh", min: 0, max: 1, digits: 2 },
  { name: "thread_points", min: 4, max: 500, digits: 0 },
] as const satisfies readonly { name: keyof Settings; min: number; max: number; digits: number }[];

const pathOf = (project: number) => ({ path: { project_id: project } });

const storySettingsQuery = (project: number) =>
  queryOptions({
    queryKey: ["projects", project, "story-settings"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{project_id}/story-settings/", { params: pathOf(project), signal })),
    refetchInterval: ({ state }) => {
      const status = state.data?.status;
      return status === "running" || status === "waiting" ? LOOK_AGAIN_MS : false;
    },
  });

/** How shots are grouped to story segments; a change groups those of all episodes anew, and edits stay over it. */
export function StorySettings({ project }: { project: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const settings = useQuery(storySettingsQuery(project));
  const decide = useMutation({
    scope: inTurn(project),
    mutationFn: (body: Partial<Settings>) =>
      unwrap(api.PATCH("/api/projects/{project_id}/story-settings/", { params: pathOf(project), body })),
    onSuccess: (saved) => client.setQueryData(storySettingsQuery(project).queryKey, saved),
  });
  if (settings.isPending) return <Skeleton height={110} radius="md" />;
  if (settings.isError) return <ErrorPanel error={settings.error} onRetry={() => void settings.refetch()} />;
  const { status, error } = settings.data;
  return (
    <section aria-label={t("storyboard.settings")}>
      <Group gap="xs" mih={28}>
        <Title order={2} size="h6">
          {t("storyboard.settings")}
        </Title>
        {status && <StatusBadge status={status} />}
      </Group>
      <Text size="xs" c="dimmed" mb="xs">
        {t("storyboard.settingsLead")}
      </Text>
      <Group gap="sm" align="flex-end">
        {FIELDS.map(({ name, min, max, digits }) => {
          const now = settings.data[name];
          return (
            <NumberInput
              key={`${name} ${now}`}
              label={t(`storyboard.setting.${name}`)}
              defaultValue={now}
              min={min}
              max={max}
              step={digits > 0 ? 10 ** -digits : 1}
              decimalScale={digits}
              w={158}
              size="xs"
              disabled={decide.isPending}
              onBlur={(event) => {
                const value = Number.parseFloat(event.currentTarget.value);
                const wanted = Math.min(Math.max(Number.isNaN(value) ? now : value, min), max);
                if (wanted !== now) decide.mutate({ [name]: wanted });
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter") event.currentTarget.blur();
              }}
            />
          );
        })}
      </Group>
      {error && (
        <Text size="sm" c="red" mt={4}>
          {error}
        </Text>
      )}
      {decide.isError && <ErrorPanel error={decide.error} />}
    </section>
  );
}
