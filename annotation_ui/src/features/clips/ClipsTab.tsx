import { Button, Chip, Drawer, Group, Paper, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ListedClip } from "../../api/types";
import { ClipPlayer } from "../../components/ClipPlayer";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { useDates } from "../../components/useDates";
import { clockText } from "../../media/timecode";
import { Face, usePersonName } from "../locate/Face";
import classes from "./ClipsTab.module.css";
import { clipsQuery, countsQuery, PAGE_SIZE, SHOWN, type Shown, useRestore } from "./queries";

const COLUMNS = ["clip", "length", "people", "state", "answers"] as const;
const MOST_FACES = 6;

/** The clips of a project: which are labelled, which were dropped and why, and the way to bring one back. */
export function ClipsTab({ project }: { project: number }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown>("");
  const [page, setPage] = useState(1);
  const [openId, setOpenId] = useState<number>();
  const clips = useQuery(clipsQuery(project, shown, page));
  const restore = useRestore(project);
  const open = clips.data?.results.find((clip) => clip.id === openId);
  return (
    <Stack gap="sm">
      <Filters
        project={project}
        shown={shown}
        onChange={(next) => {
          setShown(next);
          setPage(1);
        }}
      />
      {clips.isError && <ErrorPanel error={clips.error} onRetry={() => void clips.refetch()} />}
      {restore.isError && <ErrorPanel error={restore.error} />}
      {clips.isPending && <Skeleton height={220} radius="md" />}
      {clips.data && (
        <Paper withBorder radius="lg" bg="var(--panel)" p="xs">
          <Table aria-label={t("projects.clips")} verticalSpacing={6} fz="sm">
            <Table.Thead>
              <Table.Tr>
                {COLUMNS.map((column) => (
                  <Table.Th key={column}>{t(`clips.${column}`)}</Table.Th>
                ))}
                <Table.Th w={120} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {clips.data.results.map((clip) => (
                <Row
                  key={clip.id}
                  clip={clip}
                  isOpen={clip.id === openId}
                  isBusy={restore.isPending && restore.variables === clip.id}
                  onOpen={() => setOpenId(clip.id)}
                  onRestore={() => restore.mutate(clip.id)}
                />
              ))}
            </Table.Tbody>
          </Table>
          {clips.data.count === 0 && (
            <Text size="sm" c="dimmed" p="sm">
              {t(shown ? "clips.noneOfThese" : "clips.none")}
            </Text>
          )}
        </Paper>
      )}
      <Pages count={clips.data?.count} size={PAGE_SIZE} page={page} onPage={setPage} />
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpenId(undefined)}
        position="right"
        size="xl"
        title={open && nameOf(open)}
        transitionProps={{ duration: 0 }}
      >
        {open && (
          <ClipPlayer key={open.id} media={open.episode} startMs={open.start_ms} endMs={open.end_ms} lines={[]} />
        )}
      </Drawer>
    </Stack>
  );
}

function nameOf(clip: ListedClip): string {
  return `${clip.episode.title} ${clockText(clip.start_ms)} – ${clockText(clip.end_ms)}`;
}

interface FilterProps {
  project: number;
  shown: Shown;
  onChange: (shown: Shown) => void;
}

/** What is listed, each with how many there are. */
function Filters({ project, shown, onChange }: FilterProps) {
  const { t } = useTranslation();
  const { number } = useDates();
  const counts = useQuery(countsQuery(project)).data;
  return (
    <Chip.Group value={shown} onChange={(value) => onChange(SHOWN.find((one) => one === value) ?? "")}>
      <Group gap={6} role="radiogroup" aria-label={t("clips.filter")}>
        {SHOWN.map((one) => (
          <Chip key={one} value={one} size="xs" radius="sm">
            {t(`clips.shown.${one || "all"}`)} {counts ? number(counts[one || "total"]) : ""}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

interface RowProps {
  clip: ListedClip;
  isOpen: boolean;
  isBusy: boolean;
  onOpen: () => void;
  onRestore: () => void;
}

function Row({ clip, isOpen, isBusy, onOpen, onRestore }: RowProps) {
  const { t } = useTranslation();
  const personName = usePersonName();
  const isDropped = clip.drop !== "" && clip.restored_by === "";
  return (
    <Table.Tr data-open={isOpen || undefined} className={classes.row ?? ""}>
      <Table.Td>
        <button type="button" className={classes.open} onClick={onOpen}>
          {nameOf(clip)}
        </button>
      </Table.Td>
      <Table.Td>{t("locate.seconds", { seconds: ((clip.end_ms - clip.start_ms) / 1000).toFixed(1) })}</Table.Td>
      <Table.Td>
        <Group gap={3} wrap="nowrap" title={clip.people.map(personName).join(", ")}>
          {clip.people.slice(0, MOST_FACES).map((person) => (
            <Face key={person.id} person={person} />
          ))}
          <Text size="xs" c="dimmed" ml={4}>
            {clip.people.length}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm" c={isDropped ? "var(--mantine-color-orange-text)" : "inherit"}>
          {clip.drop === ""
            ? t("clips.shown.kept")
            : t("clips.droppedFor", { reason: t(`locate.problem.${clip.drop}`) })}
        </Text>
        {clip.restored_by !== "" && (
          <Text size="xs" c="dimmed">
            {t("clips.restoredBy", { name: clip.restored_by })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{clip.answers_wanted > 0 ? `${clip.answers} / ${clip.answers_wanted}` : "–"}</Table.Td>
      <Table.Td ta="right">
        {isDropped && (
          <Button
            size="compact-sm"
            variant="light"
            loading={isBusy}
            aria-label={t("clips.restoreOne", { clip: nameOf(clip) })}
            onClick={onRestore}
          >
            {t("clips.restore")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
