import { Anchor, Breadcrumbs, Container, Group, Skeleton, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconArrowsJoin, IconArrowsSplit, IconKeyboard, IconPhotoStar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Casting } from "../../api/types";
import { CommandButton, CommandIcon } from "../../commands/CommandButton";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { LostLinks } from "../episodes/LostLinks";
import classes from "./Board.module.css";
import { inOrder, isOpen, neighbour, nextOpen, shelvesOf, suggestionOf } from "./board";
import { peopleCommands } from "./commands";
import { castingQuery, type Decision, useDecide, useMakeReference } from "./queries";
import { ShelfRow } from "./ShelfRow";
import { SplitDialog } from "./SplitDialog";

export function PeoplePage() {
  const casting = useQuery(castingQuery(useIdInUrl()));
  return (
    <Container size="xl" py="md">
      {casting.isPending && <Skeleton height={420} radius="md" />}
      {casting.isError && !casting.data && <ErrorPanel error={casting.error} onRetry={() => void casting.refetch()} />}
      {casting.data && <People key={casting.data.episode} casting={casting.data} />}
    </Container>
  );
}

function People({ casting }: { casting: Casting }) {
  const { t } = useTranslation();
  const decide = useDecide(casting.episode);
  const refer = useMakeReference(casting.series);
  const shelves = useMemo(() => shelvesOf(casting), [casting]);
  const faces = useMemo(() => inOrder(shelves), [shelves]);
  const [selectedId, setSelectedId] = useState<number>();
  const [pickedIds, setPickedIds] = useState<ReadonlySet<number>>(new Set());
  const [open, setOpen] = useState<"help" | "split">();
  const selected = faces.find(({ id }) => id === selectedId) ?? faces[0];
  const picked = new Set(faces.filter(({ id }) => pickedIds.has(id)).map(({ id }) => id));
  const meant = selected ? [...new Set([selected.id, ...picked])] : [];
  const suggestion = selected && suggestionOf(selected);
  const keyed = shelves.filter(({ id }) => typeof id === "number");

  function send(decision: Decision, next?: number) {
    decide.mutate(decision);
    setPickedIds(new Set());
    if (next !== undefined) setSelectedId(next);
  }

  function link(ids: number[], character: number | null) {
    send({ type: "link", faces: ids, character }, nextOpen(faces, new Set(ids))?.id ?? ids[0]);
  }

  const commands = useCommands(peopleCommands, {
    hasFace: selected !== undefined,
    hasSuggestion: suggestion !== undefined,
    canMerge: meant.length > 1,
    canSplit: (selected?.tracks.length ?? 0) > 1,
    canUndo: casting.undoable !== null,
    canRefer: selected !== undefined && !isOpen(selected) && selected.character !== null,
    move: (to) => setSelectedId(neighbour(shelves, selected?.id, to)?.id ?? selected?.id),
    goOpen: () => setSelectedId(nextOpen(faces, new Set(selected ? [selected.id] : []))?.id ?? selected?.id),
    confirm: () => suggestion && link(meant, suggestion.character),
    link: (place) => {
      const shelf = keyed[place];
      if (shelf && typeof shelf.id === "number") link(meant, shelf.id);
    },
    nobody: () => link(meant, null),
    pick: () => {
      if (!selected) return;
      const { id } = selected;
      setPickedIds((old) => new Set(old.has(id) ? [...old].filter((one) => one !== id) : [...old, id]));
    },
    merge: () => selected && send({ type: "merge", into: selected.id, others: meant.slice(1) }, selected.id),
    split: () => setOpen("split"),
    refer: () => selected?.character && refer.mutate({ face: selected.id, character: selected.character }),
    undo: () => send({ type: "undo" }),
    openHelp: () => setOpen("help"),
  });
  const names = new Map(casting.characters.map(({ id, name }) => [id, name]));
  const digits = commands.get("people.link").keys;
  const waiting = faces.filter(isOpen).length;
  const icon = { size: 16, stroke: 1.7 } as const;

  return (
    <>
      <Group justify="space-between" align="flex-end" mb="sm">
        <div>
          <Breadcrumbs fz="sm">
            <Anchor component={Link} to={`/series/${casting.series}`} fz="sm">
              {casting.series_name}
            </Anchor>
            <Anchor component={Link} to={`/episodes/${casting.episode}`} fz="sm">
              {casting.title}
            </Anchor>
          </Breadcrumbs>
          <Title order={1} size="h3">
            {t("people.title")}
          </Title>
        </div>
        <Group gap="xs">
          <CommandButton command={commands.get("people.confirm")} size="xs" />
          <CommandButton
            command={commands.get("people.merge")}
            size="xs"
            variant="default"
            leftSection={<IconArrowsJoin {...icon} />}
          />
          <CommandButton
            command={commands.get("people.split")}
            size="xs"
            variant="default"
            leftSection={<IconArrowsSplit {...icon} />}
          />
          <CommandIcon command={commands.get("people.refer")} icon={<IconPhotoStar size={18} />} />
          <CommandIcon command={commands.get("people.undo")} icon={<IconArrowBackUp size={18} />} />
          <CommandIcon command={commands.get("page.help")} icon={<IconKeyboard size={18} />} />
        </Group>
      </Group>
      <Text size="sm" c="dimmed" mb="sm" role="status" h={20}>
        {refer.isSuccess ? t("people.referred") : t("people.waiting", { count: waiting })}
      </Text>
      {decide.isError && <ErrorPanel error={decide.error} />}
      {refer.isError && <ErrorPanel error={refer.error} />}
      <LostLinks lost={casting.lost_links} />
      <div className={classes.board}>
        {shelves.map((shelf) => (
          <ShelfRow
            key={shelf.id}
            shelf={shelf}
            keyName={shelf.id === "nobody" ? commands.get("people.nobody").keys[0] : digits[keyed.indexOf(shelf)]}
            selected={selected?.id}
            picked={picked}
            nameOf={(character) => names.get(character) ?? "?"}
            onSelect={setSelectedId}
            {...(shelf.id === "open"
              ? {}
              : {
                  onDrop: (face: number) =>
                    link(picked.has(face) ? meant : [face], typeof shelf.id === "number" ? shelf.id : null),
                })}
            onMerge={(into, dropped) => send({ type: "merge", into, others: [dropped] }, into)}
          />
        ))}
      </div>
      {open === "split" && selected && (
        <SplitDialog
          face={selected}
          onClose={() => setOpen(undefined)}
          onSplit={(tracks) => {
            send({ type: "split", face: selected.id, tracks }, selected.id);
            setOpen(undefined);
          }}
        />
      )}
      <HelpDialog commands={commands.all} opened={open === "help"} onClose={() => setOpen(undefined)} />
    </>
  );
}
