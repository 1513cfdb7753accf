import { Anchor, Badge, Breadcrumbs, Container, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { TrainingRunDetail } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import { useCommands } from "../../commands/useCommands";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useDates } from "../../components/useDates";
import { StatusBadge } from "../episodes/AnalysisBar";
import { Curves } from "./Curves";
import { runCommands } from "./commands";
import { isBusy, runQuery } from "./queries";
import { Result } from "./Result";
import { RunState } from "./RunState";
import { ScoreCards } from "./ScoreCards";
import { StopDialog } from "./StopDialog";
import { UseDialog } from "./UseDialog";
import { useRunText } from "./useRunText";

/** One training: how it goes, how it learned, what it is worth, and what it can be used for. */
export function RunPage() {
  const id = Number(useParams().run);
  const run = useQuery(runQuery(id));
  return (
    <Container size="xl" py="md">
      {run.isPending && <Skeleton height={420} radius="md" />}
      {run.isError && <ErrorPanel error={run.error} onRetry={() => void run.refetch()} />}
      {run.data && <Run run={run.data} />}
    </Container>
  );
}

function Run({ run }: { run: TrainingRunDetail }) {
  const { t } = useTranslation();
  const seeds = Array.from({ length: run.options.seeds }, (_, place) => run.options.seed + place);
  const learning = run.curves.at(-1)?.seed ?? run.options.seed;
  const [picked, setPicked] = useState<number>();
  // While it trains the page follows the seed that learns.
  const seed = picked ?? (isBusy(run.status) ? learning : run.options.seed);
  const [dialog, setDialog] = useState<"use" | "stop">();
  const commands = useCommands(runCommands, {
    canUse: run.results.length > 0,
    canStop: isBusy(run.status),
    hasSeeds: seeds.length > 1,
    use: () => setDialog("use"),
    stop: () => setDialog("stop"),
    nextSeed: () => setPicked(seeds[(seeds.indexOf(seed) + 1) % seeds.length]),
  });
  const result = run.results.find((one) => one.seed === seed);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Head run={run} />
        <Group gap="xs">
          {isBusy(run.status) && <CommandButton command={commands.get("runs.stop")} size="sm" variant="default" />}
          {run.results.length > 0 && <CommandButton command={commands.get("runs.use")} size="sm" />}
        </Group>
      </Group>
      <RunState run={run} />
      {run.suggests_for.length > 0 && (
        <Text size="sm" role="status">
          {t("runs.using", { projects: run.suggests_for.join(", ") })}
        </Text>
      )}
      <ScoreCards run={run} />
      {seeds.length > 1 && (
        <Group gap="xs" role="group" aria-label={t("runs.seed")}>
          {seeds.map((one) => (
            <Badge
              key={one}
              component="button"
              size="lg"
              tt="none"
              variant={one === seed ? "filled" : "default"}
              aria-pressed={one === seed}
              style={{ cursor: "pointer" }}
              onClick={() => setPicked(one)}
            >
              {t("runs.seedValue", { seed: one })}
            </Badge>
          ))}
          <CommandButton command={commands.get("runs.nextSeed")} size="compact-sm" variant="subtle" />
        </Group>
      )}
      <Curves run={run} seed={seed} />
      {result && <Result result={result} selection={run.summary?.selection ?? ""} />}
      <UseDialog run={run} opened={dialog === "use"} onClose={() => setDialog(undefined)} />
      <StopDialog run={run} opened={dialog === "stop"} onClose={() => setDialog(undefined)} />
    </Stack>
  );
}

function Head({ run }: { run: TrainingRunDetail }) {
  const { t } = useTranslation();
  const { moment } = useDates();
  const texts = useRunText();
  return (
    <div>
      <Breadcrumbs fz="sm">
        <Anchor component={Link} to={`/projects/${run.project.id}?tab=models`} fz="sm">
          {run.project.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {t("runs.number", { number: run.number })}
        </Text>
      </Breadcrumbs>
      <Group gap="sm">
        <Title order={1} size="h3">
          {run.title}
        </Title>
        <StatusBadge status={run.status} />
      </Group>
      <Group gap={6} mt={4}>
        <Badge variant="default" tt="none">
          {t("releases.number", { number: run.release.number })}
        </Badge>
        {texts(run.options).map((text) => (
          <Badge key={text} variant="default" tt="none">
            {text}
          </Badge>
        ))}
        <Text size="xs" c="dimmed">
          {moment(run.created_at)}
          {run.created_by && ` · ${t("runs.by", { name: run.created_by })}`}
        </Text>
      </Group>
    </div>
  );
}
