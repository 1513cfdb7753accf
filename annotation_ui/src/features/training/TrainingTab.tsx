import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorPanel } from "../../components/ErrorPanel";
import { ClipsPanel } from "./ClipsPanel";
import { PeoplePanel } from "./PeoplePanel";
import { trainingQuery, useTrainingChange } from "./queries";
import { TrainingSettingsPanel } from "./TrainingSettingsPanel";

/** How a project trains its annotators: what they learn from, how they do, and when their period opens. */
export function TrainingTab({ project }: { project: number }) {
  const training = useQuery(trainingQuery(project));
  const change = useTrainingChange(project);
  if (training.isPending) return <Skeleton height={260} radius="md" />;
  if (training.isError) return <ErrorPanel error={training.error} onRetry={() => void training.refetch()} />;
  const coming = change.isPending && change.variables.type === "settings" ? change.variables.settings : {};
  const parts = { training: training.data, change: change.mutate, busy: change.isPending };
  return (
    <Stack gap="md">
      {change.isError && <ErrorPanel error={change.error} />}
      <TrainingSettingsPanel settings={{ ...training.data.settings, ...coming }} change={change.mutate} />
      <PeoplePanel {...parts} />
      <ClipsPanel {...parts} project={project} />
    </Stack>
  );
}
