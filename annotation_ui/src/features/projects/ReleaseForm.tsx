import { Button, NumberInput, Paper, Radio, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { ReleaseOptions } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useMakeRelease } from "./queries";

export function ReleaseForm({ project }: { project: number }) {
  const { t } = useTranslation();
  const make = useMakeRelease(project);
  const form = useForm<ReleaseOptions>({ initialValues: { split: "grouped", group_by: "clip", seed: 1 } });
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)">
      <form onSubmit={form.onSubmit((options) => make.mutate({ ...options, seed: Number(options.seed) || 0 }))}>
        <Stack gap="md">
          <div>
            <Title order={2} size="h5">
              {t("releases.make")}
            </Title>
            <Text size="sm" c="dimmed">
              {t("releases.lead")}
            </Text>
          </div>
          <Radio.Group label={t("releases.split")} {...form.getInputProps("split")}>
            <Stack gap="xs" mt={6}>
              <Radio value="grouped" label={t("releases.grouped")} description={t("releases.groupedLead")} />
              <Radio value="paper" label={t("releases.paper")} description={t("releases.paperLead")} />
            </Stack>
          </Radio.Group>
          {form.values.split === "grouped" && (
            <div>
              <Text size="sm" fw={500} mb={4} id="release-group">
                {t("releases.groupBy")}
              </Text>
              <SegmentedControl
                fullWidth
                size="xs"
                aria-labelledby="release-group"
                data={(["clip", "episode", "series"] as const).map((value) => ({
                  value,
                  label: t(`releases.${value}`),
                }))}
                {...form.getInputProps("group_by")}
              />
            </div>
          )}
          <NumberInput
            label={t("releases.seed")}
            description={t("releases.seedLead")}
            min={0}
            max={2_147_483_647}
            allowDecimal={false}
            {...form.getInputProps("seed")}
          />
          {make.isError && <ErrorPanel error={make.error} />}
          <Button type="submit" loading={make.isPending}>
            {t("releases.start")}
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
