import { Button, Drawer, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Related } from "../../api/types";
import { ClipPlayer } from "../../components/ClipPlayer";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useExample } from "./relatedQueries";

const LONGEST_NOTE = 300;

interface Props {
  project: number;
  answer: Related | undefined;
  onClose: () => void;
}

/** One answer with its clip, and the way to make it an example. */
export function RelatedAnswer({ project, answer, onClose }: Props) {
  const { t } = useTranslation();
  const said = answer?.relationship ? t(`relationships.${answer.relationship}`) : t("related.discarded");
  return (
    <Drawer
      opened={answer !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={answer && `${said} · ${answer.annotator}`}
      transitionProps={{ duration: 0 }}
    >
      {answer && (
        <Stack key={answer.id} gap="sm">
          <ClipPlayer media={answer.episode} startMs={answer.start_ms} endMs={answer.end_ms} lines={[]} />
          {answer.comment && <Text style={{ whiteSpace: "pre-wrap" }}>“{answer.comment}”</Text>}
          {answer.relationship && <ExampleForm project={project} answer={answer} said={said} />}
        </Stack>
      )}
    </Drawer>
  );
}

function ExampleForm({ project, answer, said }: { project: number; answer: Related; said: string }) {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const choose = useExample(project);
  if (answer.is_exemplar) return <Text fw={600}>{t("exemplars.isFor", { label: said })}</Text>;
  return (
    <Stack gap="xs">
      <Text fw={600}>{t("exemplars.useFor", { label: said })}</Text>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          label={t("exemplars.note")}
          value={note}
          maxLength={LONGEST_NOTE}
          onChange={(event) => setNote(event.currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button loading={choose.isPending} onClick={() => choose.mutate({ turn: answer.id, note })}>
          {t("exemplars.use")}
        </Button>
      </Group>
      {choose.error && <ErrorPanel error={choose.error} />}
    </Stack>
  );
}
