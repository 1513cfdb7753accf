import { Button, Checkbox, Group, NativeSelect, NumberInput, SegmentedControl, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { ListedModel, Release, TrainingRequest } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import { modelsQuery, useTrain } from "./queries";
import { useAblationName } from "./useRunText";

const PARTS = ["visual", "audio", "text", "personality"] as const;
const VIEWS = ["cells", "dialogue", "sequence", "streams"] as const;

interface Props {
  project: number;
  /** Those that are done, the newest first. */
  releases: readonly Release[];
  opened: boolean;
  onClose: () => void;
}

/** Asks what to train, and goes to the run. */
export function TrainDialog({ project, releases, opened, onClose }: Props) {
  const { t } = useTranslation();
  const models = useQuery({ ...modelsQuery, enabled: opened });
  const [newest] = releases;
  return (
    <Dialog opened={opened} onClose={onClose} title={t("runs.train")} size="lg">
      {!newest && <Text size="sm">{t("runs.noRelease")}</Text>}
      {models.isError && <ErrorPanel error={models.error} onRetry={() => void models.refetch()} />}
      {newest && models.data && (
        <TrainForm project={project} releases={releases} first={newest} models={models.data} onClose={onClose} />
      )}
    </Dialog>
  );
}

type Asked = Omit<TrainingRequest, "epochs"> & { epochs: number | string };

function TrainForm({
  project,
  releases,
  first,
  models,
  onClose,
}: Omit<Props, "opened"> & { first: Release; models: readonly ListedModel[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ablation = useAblationName();
  const train = useTrain(project, (run) => {
    onClose();
    void navigate(`/projects/${project}/models/${run.id}`);
  });
  const form = useForm<Asked>({
    initialValues: {
      release: first.id,
      model: "amer",
      emotions: "primary",
      modalities: [...PARTS],
      without: [],
      seeds: 1,
      seed: 125,
      epochs: "",
    },
    validate: { modalities: (parts) => (parts.some((part) => part !== "personality") ? null : t("runs.noPart")) },
  });
  const chosen = models.find(({ name }) => name === form.values.model);
  return (
    <form
      onSubmit={form.onSubmit((asked) =>
        train.mutate({ ...asked, seeds: Number(asked.seeds) || 1, epochs: Number(asked.epochs) || null }),
      )}
    >
      <Stack gap="md">
        <Group grow align="flex-start">
          <NativeSelect
            data-autofocus
            label={t("runs.model")}
            value={form.values.model}
            onChange={(event) => {
              const name = event.currentTarget.value as Asked["model"];
              form.setValues({ model: name, without: [] });
            }}
            data={VIEWS.map((view) => ({
              group: t(`runs.learnsFrom.${view}`),
              items: models
                .filter(({ learns_from }) => learns_from === view)
                .map(({ name, title }) => ({ value: name, label: title })),
            }))}
          />
          <NativeSelect
            label={t("runs.release")}
            value={String(form.values.release)}
            onChange={(event) => form.setFieldValue("release", Number(event.currentTarget.value))}
            data={releases.map(({ id, number }) => ({ value: String(id), label: t("releases.number", { number }) }))}
          />
        </Group>
        <div>
          <Text size="sm" fw={500} mb={4} id="run-emotions">
            {t("runs.emotions")}
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="run-emotions"
            data={(["primary", "fine_grained"] as const).map((value) => ({ value, label: t(`runs.${value}`) }))}
            {...form.getInputProps("emotions")}
          />
        </div>
        <Checkbox.Group label={t("runs.modalities")} {...form.getInputProps("modalities")}>
          <Group gap="md" mt={4}>
            {PARTS.map((part) => (
              <Checkbox key={part} value={part} label={t(`runs.part.${part}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        {chosen && chosen.ablations.length > 0 && (
          <Checkbox.Group label={t("runs.ablations")} {...form.getInputProps("without")}>
            <Group gap="md" mt={4}>
              {chosen.ablations.map((name) => (
                <Checkbox key={name} value={name} label={ablation(name)} />
              ))}
            </Group>
          </Checkbox.Group>
        )}
        <Group grow align="flex-start">
          <NumberInput
            label={t("runs.seeds")}
            description={t("runs.seedsLead")}
            min={1}
            max={10}
            allowDecimal={false}
            {...form.getInputProps("seeds")}
          />
          <NumberInput
            label={t("runs.epochs")}
            description={t("runs.epochsLead")}
            placeholder={t("runs.asPublished")}
            min={1}
            max={10_000}
            allowDecimal={false}
            {...form.getInputProps("epochs")}
          />
        </Group>
        {train.isError && <ErrorPanel error={train.error} />}
        <Group justify="space-between" wrap="nowrap">
          <Text size="xs" c="dimmed">
            {t("runs.gpu")}
          </Text>
          <Button type="submit" loading={train.isPending} miw={150}>
            {t("runs.start")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
