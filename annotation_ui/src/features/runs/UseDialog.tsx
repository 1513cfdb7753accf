import { Anchor, Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TrainingRunDetail } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import { projectsQuery } from "../home/queries";
import { usePrelabel } from "./queries";

/** Asks for which project the model shall suggest emotions: its own, or the next season. */
export function UseDialog({ run, opened, onClose }: { run: TrainingRunDetail; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const projects = useQuery({ ...projectsQuery, enabled: opened });
  const [project, setProject] = useState(run.project.id);
  const use = usePrelabel(run.id, onClose);
  const labelling = projects.data?.results.filter(({ protocol }) => protocol === "memor") ?? [run.project];
  return (
    <Dialog opened={opened} onClose={onClose} title={t("runs.useTitle", { number: run.number })}>
      <Stack>
        <Text size="sm">{t("runs.useLead")}</Text>
        <NativeSelect
          label={t("runs.useProject")}
          value={String(project)}
          onChange={(event) => setProject(Number(event.currentTarget.value))}
          data={labelling.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
        {use.isError && <ErrorPanel error={use.error} />}
        <Group justify="space-between">
          <Anchor component={Link} to={`/projects/${project}?tab=settings`} size="sm">
            {t("runs.toSettings")}
          </Anchor>
          <Button data-autofocus loading={use.isPending} onClick={() => use.mutate(project)}>
            {t("runs.useStart")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
