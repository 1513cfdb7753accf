import { ActionIcon, Badge, Button, Group, Paper, SegmentedControl, Table, Text, Title, Tooltip } from "@mantine/core";
import { IconArrowUp, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { AnnotatorTraining, TrainingClip, TrainingClipKind } from "../../api/types";
import { clockText } from "../../media/timecode";
import { useRelationName } from "../discussions/useRelationName";
import { ChooseClips } from "./ChooseClips";
import type { TrainingChange } from "./queries";

export const KINDS: readonly TrainingClipKind[] = ["demo", "training", "gold"];

interface Props {
  project: number;
  training: AnnotatorTraining;
  change: (change: TrainingChange) => void;
  busy: boolean;
}

/** The clips that people learn from or are checked by, in their order. */
export function ClipsPanel({ project, training, change, busy }: Props) {
  const { t } = useTranslation();
  const [choosing, setChoosing] = useState(false);
  const { clips } = training;
  const acceptable = clips.some((clip) => clip.unanimous && !clip.gold);
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t("training.clips")}
        </Title>
        <Group gap="xs">
          <Tooltip label={t("training.acceptLead")} withArrow>
            <Button
              size="xs"
              variant="default"
              disabled={busy || !acceptable}
              onClick={() => change({ type: "accept" })}
            >
              {t("training.accept")}
            </Button>
          </Tooltip>
          <Button size="xs" onClick={() => setChoosing(true)}>
            {t("training.choose")}
          </Button>
        </Group>
      </Group>
      {clips.length === 0 && <Text c="dimmed">{t("training.clipsNone")}</Text>}
      {clips.length > 0 && (
        <Table.ScrollContainer minWidth={760}>
          <Table verticalSpacing={6} aria-label={t("training.clips")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("training.clip")}</Table.Th>
                <Table.Th>{t("training.kind")}</Table.Th>
                <Table.Th ta="right">{t("training.answers")}</Table.Th>
                <Table.Th>{t("training.state")}</Table.Th>
                <Table.Th>{t("training.goldAnswer")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {clips.map((clip, place) => (
                <ClipRow
                  key={clip.clip}
                  project={project}
                  clip={clip}
                  busy={busy}
                  change={change}
                  onEarlier={
                    place > 0 &&
                    (() => {
                      const order = clips.map((one) => one.clip);
                      order.splice(place - 1, 2, clip.clip, order[place - 1] as number);
                      change({ type: "order", clips: order });
                    })
                  }
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <ChooseClips
        project={project}
        chosen={clips}
        opened={choosing}
        change={change}
        busy={busy}
        onClose={() => setChoosing(false)}
      />
    </Paper>
  );
}

interface RowProps {
  project: number;
  clip: TrainingClip;
  busy: boolean;
  change: (change: TrainingChange) => void;
  onEarlier: false | (() => void);
}

function ClipRow({ project, clip, busy, change, onEarlier }: RowProps) {
  const { t } = useTranslation();
  const relation = useRelationName();
  const name = `${clip.title}, ${clockText(clip.start_ms)}`;
  return (
    <Table.Tr>
      <Table.Td>
        <Text
          component={Link}
          to={`/projects/${project}/clips/${clip.clip}`}
          size="sm"
          fw={550}
          c="var(--mantine-primary-color-filled)"
        >
          {clip.title} · {clockText(clip.start_ms)}–{clockText(clip.end_ms)}
        </Text>
        {clip.note && (
          <Text size="xs" c="dimmed">
            {clip.note}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <SegmentedControl
          size="xs"
          aria-label={`${name}: ${t("training.kind")}`}
          value={clip.kind}
          disabled={busy}
          data={KINDS.map((kind) => ({ value: kind, label: t(`training.kinds.${kind}`) }))}
          onChange={(kind) =>
            change({ type: "choose", clip: clip.clip, kind: kind as TrainingClipKind, note: clip.note })
          }
        />
      </Table.Td>
      <Table.Td ta="right">{clip.kind === "demo" ? "–" : clip.answers}</Table.Td>
      <Table.Td>
        <Group gap={6}>
          {clip.differs && (
            <Badge variant="light" color="orange" tt="none">
              {t("training.differs")}
            </Badge>
          )}
          {clip.unanimous && (
            <Badge variant="light" color="teal" tt="none">
              {t("training.same")}
            </Badge>
          )}
          {clip.comments > 0 && (
            <Text size="xs" c="dimmed">
              {t("training.comments", { count: clip.comments })}
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td>{clip.gold ? relation(clip.gold.relationship) : "–"}</Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("training.earlier", { clip: name })}
            disabled={busy || onEarlier === false}
            onClick={onEarlier || undefined}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("training.giveBack", { clip: name })}
            disabled={busy}
            onClick={() => change({ type: "giveBack", clip: clip.clip })}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
