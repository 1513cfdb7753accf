import { Anchor, Badge, Button, Group, NativeSelect, Paper, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import type { Outcome, PairSamples } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { useDates } from "../../components/useDates";
import { useEmotionName } from "../../components/useEmotionName";
import { en } from "../../i18n/en";
import { clockText } from "../../media/timecode";
import { NEUTRAL } from "./emotionSet";
import { PAGE_SIZE, samplesQuery } from "./queries";

const OUTCOMES = Object.keys(en.samples.outcome) as Outcome[];
const CHOICES = [...OUTCOMES, "none"] as const;

/** Every character in every clip: the sample it gives or why it gives none, and whose answers that stands on. */
export function SamplesTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const [search, setSearch] = useSearchParams();
  const outcome = CHOICES.find((one) => one === search.get("outcome"));
  const page = Math.max(1, Number(search.get("page")) || 1);
  const samples = useQuery(samplesQuery(project, { outcome, page }));
  const show = (changes: Record<string, string>) =>
    setSearch({ tab: "samples", ...(outcome && { outcome }), ...changes }, { replace: true });
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end">
        <NativeSelect
          label={t("samples.show")}
          value={outcome ?? ""}
          onChange={(event) => show({ outcome: event.currentTarget.value })}
          data={[
            { value: "", label: t("samples.all") },
            { value: "none", label: t("samples.none") },
            ...OUTCOMES.map((value) => ({ value, label: t(`samples.outcome.${value}`) })),
          ]}
          w={340}
        />
        <Button
          component="a"
          href={`/api/projects/${project}/samples.csv`}
          download
          variant="default"
          leftSection={<IconDownload size={17} />}
        >
          {t("samples.csv")}
        </Button>
      </Group>
      {samples.isPending && <Skeleton height={360} radius="md" />}
      {samples.isError && <ErrorPanel error={samples.error} onRetry={() => void samples.refetch()} />}
      {samples.data && (
        <Paper withBorder radius="lg" bg="var(--panel)" p="sm">
          <Text size="sm" c="dimmed" px={8} pb={4} role="status">
            {t("samples.pairs", { count: samples.data.count, shown: number(samples.data.count) })}
          </Text>
          <Table verticalSpacing={8} aria-label={t("projects.samples")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("samples.clip")}</Table.Th>
                <Table.Th>{t("samples.character")}</Table.Th>
                <Table.Th>{t("samples.comesTo")}</Table.Th>
                <Table.Th w="42%">{t("samples.answers")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {samples.data.results.map((pair) => (
                <PairRow key={`${pair.clip.id} ${pair.character.id}`} pair={pair} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      <Pages count={samples.data?.count} size={PAGE_SIZE} page={page} onPage={(to) => show({ page: String(to) })} />
    </Stack>
  );
}

function PairRow({ pair }: { pair: PairSamples }) {
  const { clip, character, moments_ms } = pair;
  return (
    <Table.Tr style={{ verticalAlign: "top" }}>
      <Table.Td>
        <Anchor component={Link} to={`/episodes/${clip.episode}`} size="sm" fw={550}>
          {clip.title}
        </Anchor>
        <Text size="xs" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
          {clockText(clip.start_ms, true)} – {clockText(clip.end_ms, true)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{character.name}</Text>
      </Table.Td>
      <Table.Td>
        <PairOutcome pair={pair} moments={moments_ms} />
      </Table.Td>
      <Table.Td>
        <Answers answers={pair.answers} />
      </Table.Td>
    </Table.Tr>
  );
}

function PairOutcome({ pair, moments }: { pair: PairSamples; moments: readonly number[] }) {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  const name = (label: string) => (label === NEUTRAL ? t("emotionSet.neutral") : emotion(label));
  const { outcome, label, primary, fine_grained, votes, named } = pair;
  if (outcome !== "sample") {
    return (
      <Text size="sm" c="dimmed">
        {t(`samples.outcome.${outcome}`)}
      </Text>
    );
  }
  const inSets = fine_grained === primary ? name(primary) : `${name(primary)} / ${name(fine_grained)}`;
  return (
    <>
      <Group gap={6}>
        <Badge variant="light" color="teal" tt="none">
          {name(label)}
        </Badge>
        {named > 0 && (
          <Text size="xs" c="dimmed">
            {t("samples.votes", { votes, named })}
          </Text>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {label !== NEUTRAL && `${t("samples.inSets", { sets: inSets })} · `}
        {t("samples.at", { count: moments.length, times: moments.map((at) => clockText(at, true)).join(", ") })}
      </Text>
    </>
  );
}

function Answers({ answers }: Pick<PairSamples, "answers">) {
  const { t } = useTranslation();
  const { moment } = useDates();
  const emotion = useEmotionName();
  return (
    <Stack gap={2}>
      {answers.map((answer) => (
        <Text
          key={answer.id}
          size="xs"
          {...(!answer.counts && { c: "dimmed", td: "line-through" })}
          title={`${moment(answer.created_at)} · ${t("samples.took", { seconds: Math.round(answer.duration_ms / 1000) })}`}
        >
          <Text span size="xs" fw={600}>
            {answer.annotator}
          </Text>{" "}
          {answer.status === "one" ? emotion(answer.fine_grained) : t(`states.key.${answer.status}`)}
          {answer.reasons.length > 0 && (
            <Text span size="xs" c="dimmed">
              {` · ${answer.reasons.map((reason) => t(`states.reason.${reason}`)).join(", ")}`}
            </Text>
          )}
        </Text>
      ))}
    </Stack>
  );
}
