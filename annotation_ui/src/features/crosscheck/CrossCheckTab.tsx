import { Button, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "../../components/ErrorPanel";
import { AgreementPlot } from "./AgreementPlot";
import { CategoryTable, PersonTable, WeekTable } from "./AgreementTables";
import { CrossCheckSettingsPanel } from "./CrossCheckSettingsPanel";
import { DifferingClips } from "./DifferingClips";
import { crossCheckQuery, csvUrl } from "./queries";

/** The weekly cross-check of a project: its settings, and how far annotators agree over time. */
export function CrossCheckTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const page = useQuery(crossCheckQuery(project));
  if (page.isPending) return <Skeleton height={320} radius="md" />;
  if (page.isError) return <ErrorPanel error={page.error} onRetry={() => void page.refetch()} />;
  const { weeks, total } = page.data;
  return (
    <Stack gap="md">
      <CrossCheckSettingsPanel project={project} page={page.data} />
      <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)">
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h5">
            {t("crossCheck.agreement")}
          </Title>
          <Button
            component="a"
            href={csvUrl(project)}
            download
            size="xs"
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden />}
          >
            {t("crossCheck.download")}
          </Button>
        </Group>
        {weeks.length === 0 ? (
          <Text c="dimmed">{t("crossCheck.agreementNone")}</Text>
        ) : (
          <Stack gap="lg">
            <AgreementPlot page={page.data} />
            <WeekTable page={page.data} />
            <PersonTable total={total} />
            <CategoryTable total={total} />
          </Stack>
        )}
      </Paper>
      <DifferingClips project={project} />
    </Stack>
  );
}
