import { Button, Grid, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SeedResult } from "../../api/types";
import { useDates } from "../../components/useDates";
import { en } from "../../i18n/en";
import { ClassTable } from "./ClassTable";
import { Confusion } from "./Confusion";
import { Groups } from "./Groups";

/** What the epoch is chosen on where a release is the data. */
const HELD_OUT = "held-out train clips";
const SCORES = ["micro_f1", "macro_f1", "weighted_f1", "ua", "loss"] as const;

type Known = keyof typeof en.runs.file;

function isKnown(name: string): name is Known {
  return name in en.runs.file;
}

/** What one seed came to on the test side, and its files. */
export function Result({ result, selection }: { result: SeedResult; selection: string }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const selectionText = useSelectionText();
  return (
    <Stack gap="md">
      <div>
        <Title order={2} size="h4">
          {t("runs.results")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("runs.parameters", {
            count: number(result.parameters),
            samples: number(result.train_samples),
            tested: number(result.test.samples),
          })}{" "}
          · {t("runs.chosenBy", { selection: selectionText(selection) })}
        </Text>
        {result.notes.map((note) => (
          <Text key={note} size="sm" c="dimmed">
            {note}
          </Text>
        ))}
      </div>
      <Grid>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack gap="md">
            <Confusion result={result} />
            <Files result={result} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack gap="md">
            <ClassTable result={result} />
            <Groups result={result} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

/** In the reader's language where the words are known, else as the worker wrote it. */
function useSelectionText(): (selection: string) => string {
  const { t } = useTranslation();
  return (selection) => {
    const [measure, side] = selection.split(" on ", 2);
    const score = SCORES.find((one) => one === measure);
    return score && side === HELD_OUT ? t("runs.heldOut", { score: t(`runs.scores.${score}`) }) : selection;
  };
}

function Files({ result }: { result: SeedResult }) {
  const { t } = useTranslation();
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="xs">
        {t("runs.files")}
      </Title>
      <Group gap="xs">
        {result.files.map(({ name, url }) => {
          const label = isKnown(name) ? t(`runs.file.${name}`) : name;
          return (
            <Button
              key={name}
              component="a"
              href={url}
              download
              size="xs"
              variant="default"
              leftSection={<IconDownload size={15} />}
              aria-label={t("runs.download", { file: label, seed: result.seed })}
            >
              {label}
            </Button>
          );
        })}
      </Group>
    </Paper>
  );
}
