import { Anchor, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { clockText } from "../../media/timecode";
import { remarksQuery, useSettle } from "./relatedQueries";

/** Mixed-up faces that annotators have reported; the people page is where they are merged and split. */
export function RemarksPanel({ project }: { project: number }) {
  const { t } = useTranslation();
  const remarks = useQuery(remarksQuery(project));
  const settle = useSettle(project);
  if (remarks.isError) return <ErrorPanel error={remarks.error} onRetry={() => void remarks.refetch()} />;
  if (!remarks.data || remarks.data.count === 0) return null;
  return (
    <Paper component="section" withBorder radius="lg" bg="var(--panel)" p="sm" aria-label={t("related.remarks")}>
      <Title order={2} size="h6" mb="xs">
        {t("related.remarksOpen", { count: remarks.data.count })}
      </Title>
      <Stack gap={6}>
        {remarks.data.results.map((one) => (
          <Group key={one.id} gap="sm" wrap="nowrap">
            {one.face_url && <img src={one.face_url} alt="" width={36} height={36} style={{ borderRadius: 6 }} />}
            <Stack gap={0} flex={1} miw={0}>
              <Text size="sm" truncate>
                <b>
                  {t(`relate.remark.${one.kind}`)}
                  {one.name && `: ${one.name}`}
                </b>
                {one.comment && ` · ${one.comment}`}
              </Text>
              <Text size="xs" c="dimmed">
                {one.annotator} ·{" "}
                <Anchor component={Link} to={`/episodes/${one.episode}/people`} size="xs">
                  {one.title} {clockText(one.start_ms)} – {clockText(one.end_ms)}
                </Anchor>
              </Text>
            </Stack>
            <Button
              size="compact-sm"
              variant="default"
              loading={settle.isPending}
              onClick={() => settle.mutate(one.id)}
            >
              {t("related.settle")}
            </Button>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
