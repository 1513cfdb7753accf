import { Button, Drawer, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnswerRow } from "../../api/types";
import { ClipPlayer } from "../../components/ClipPlayer";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useLabelName } from "../../components/useEmotionName";
import type { Lane } from "../../media/Timeline";
import { clockText } from "../../media/timecode";
import { useExemplar } from "./queries";

const LONGEST_NOTE = 300;

interface Props {
  project: number;
  answer: AnswerRow | undefined;
  onClose: () => void;
}

/** One answer with its clip, what it points at, and the way to make it an example. */
export function AnswerDrawer({ project, answer, onClose }: Props) {
  const name = useLabelName();
  return (
    <Drawer
      opened={answer !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={answer && `${answer.character}: ${name(answer.fine_grained || answer.status)} · ${answer.annotator}`}
      transitionProps={{ duration: 0 }}
    >
      {answer && <Answer key={answer.id} project={project} answer={answer} />}
    </Drawer>
  );
}

function Answer({ project, answer }: { project: number; answer: AnswerRow }) {
  const { t } = useTranslation();
  const pointed: Lane = {
    id: "evidence",
    label: t("states.laneEvidence"),
    height: "normal",
    items: answer.evidence.map((one) => ({
      key: `${one.kind} ${one.start_ms}`,
      startMs: one.start_ms,
      endMs: one.end_ms,
      text: t("states.evidence", {
        reason: t(`states.reason.${one.reason}`),
        kind: t(`states.pointShort.${one.kind}`),
      }),
    })),
  };
  return (
    <Stack gap="sm">
      <ClipPlayer
        media={answer.episode}
        startMs={answer.start_ms}
        endMs={answer.end_ms}
        lines={answer.lines}
        lanes={[pointed]}
      />
      <Text size="sm">
        {[
          ...answer.reasons.map((reason) => t(`states.reason.${reason}`)),
          ...(answer.unsure ? [t("states.unsureShort")] : []),
          ...(answer.context_watched_ms > 0
            ? [t("answers.watched", { time: clockText(answer.context_watched_ms) })]
            : []),
        ].join(" · ")}
      </Text>
      {answer.comment && <Text style={{ whiteSpace: "pre-wrap" }}>“{answer.comment}”</Text>}
      <ExampleForm project={project} answer={answer} />
    </Stack>
  );
}

function ExampleForm({ project, answer }: { project: number; answer: AnswerRow }) {
  const { t } = useTranslation();
  const name = useLabelName();
  const [note, setNote] = useState("");
  const { choose, remove } = useExemplar(project);
  const label = answer.fine_grained || answer.status;
  const error = choose.error ?? remove.error;
  return (
    <Stack component="section" aria-label={t("exemplars.title")} gap="xs">
      <Title order={3} size="h6">
        {t(answer.is_exemplar ? "exemplars.isFor" : "exemplars.useFor", { label: name(label) })}
      </Title>
      {!answer.is_exemplar && (
        <Text size="xs" c="dimmed">
          {t("exemplars.useLead")}
        </Text>
      )}
      <Group align="flex-end" gap="xs" wrap="nowrap">
        {answer.is_exemplar ? (
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate(label)}>
            {t("exemplars.remove")}
          </Button>
        ) : (
          <>
            <TextInput
              label={t("exemplars.note")}
              value={note}
              maxLength={LONGEST_NOTE}
              onChange={(event) => setNote(event.currentTarget.value)}
              style={{ flex: 1 }}
            />
            <Button loading={choose.isPending} onClick={() => choose.mutate({ answer: answer.id, note })}>
              {t("exemplars.use")}
            </Button>
          </>
        )}
      </Group>
      {error && <ErrorPanel error={error} />}
    </Stack>
  );
}
