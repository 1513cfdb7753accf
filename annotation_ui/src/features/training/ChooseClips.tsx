import { Button, Drawer, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TrainingCandidate, TrainingClip } from "../../api/types";
import { ClipPlayer } from "../../components/ClipPlayer";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { clockText } from "../../media/timecode";
import { KINDS } from "./ClipsPanel";
import { CANDIDATES, candidatesQuery, type TrainingChange } from "./queries";

interface Props {
  project: number;
  /** They are no candidates any more, also before the list has heard of it. */
  chosen: readonly TrainingClip[];
  opened: boolean;
  busy: boolean;
  change: (change: TrainingChange) => void;
  onClose: () => void;
}

/** Clips of work, to be watched and made demo, training or gold clips. */
export function ChooseClips({ project, opened, onClose, ...parts }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="xl"
      title={t("training.choose")}
      transitionProps={{ duration: 0 }}
    >
      {opened && <Candidates project={project} {...parts} />}
    </Drawer>
  );
}

function Candidates({ project, chosen, busy, change }: Omit<Props, "opened" | "onClose">) {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const [watching, setWatching] = useState<TrainingCandidate>();
  const [note, setNote] = useState("");
  const clips = useQuery(candidatesQuery(project, page));
  if (clips.isError) return <ErrorPanel error={clips.error} onRetry={() => void clips.refetch()} />;
  if (!clips.data) return null;
  const open = clips.data.results.filter(({ clip }) => chosen.every((one) => one.clip !== clip));
  return (
    <Stack gap="sm">
      {watching && (
        <ClipPlayer
          key={watching.clip}
          media={watching.episode}
          startMs={watching.start_ms}
          endMs={watching.end_ms}
          lines={[]}
        />
      )}
      <TextInput
        label={t("training.note")}
        value={note}
        maxLength={300}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {open.length === 0 && <Text c="dimmed">{t("training.chooseNone")}</Text>}
      {open.map((clip) => {
        const name = `${clip.episode.title}, ${clockText(clip.start_ms)}`;
        return (
          <Group key={clip.clip} justify="space-between" wrap="nowrap">
            <Button
              variant={watching?.clip === clip.clip ? "light" : "subtle"}
              size="compact-sm"
              aria-label={t("training.preview", { clip: name })}
              onClick={() => setWatching(clip)}
            >
              {clip.episode.title} · {clockText(clip.start_ms)}–{clockText(clip.end_ms)}
            </Button>
            <Group gap={4} wrap="nowrap">
              {KINDS.map((kind) => (
                <Button
                  key={kind}
                  size="compact-xs"
                  variant="default"
                  disabled={busy}
                  aria-label={t("training.chooseAs", { clip: name, kind: t(`training.kinds.${kind}`) })}
                  onClick={() => {
                    change({ type: "choose", clip: clip.clip, kind, note });
                    setNote("");
                  }}
                >
                  {t(`training.kinds.${kind}`)}
                </Button>
              ))}
            </Group>
          </Group>
        );
      })}
      <Pages count={clips.data.count} size={CANDIDATES} page={page} onPage={setPage} />
    </Stack>
  );
}
