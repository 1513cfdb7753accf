import { Anchor, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconKeyboard } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Storyboard } from "../../api/types";
import { CommandButton, CommandIcon } from "../../commands/CommandButton";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { Player } from "../../media/player";
import { useThumbnails } from "../../media/thumbnails";
import classes from "./Board.module.css";
import { storyboardCommands } from "./commands";
import { SceneRow } from "./SceneRow";
import { threadMarks } from "./stories";
import { useScenes } from "./useScenes";

interface Props {
  project: number;
  episode: number;
  board: Storyboard;
  since: number;
}

const ICON = { size: 18, stroke: 1.7 } as const;

/** Scenes one below the other, their shots side by side. The cursor stands on a shot; Space begins a scene with it. */
export function Board({ project, episode, board, since }: Props) {
  const { t } = useTranslation();
  const { shots } = board;
  const { scenes, ...work } = useScenes(project, episode, board, since);
  const [cursor, setCursor] = useState(0);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [player] = useState(() => new Player());
  const thumbnails = useThumbnails(player, board.episode?.video_url ?? "");
  const marks = useMemo(() => threadMarks(scenes, shots, board.threads), [scenes, shots, board.threads]);
  const sceneAt = scenes.findIndex((scene) => scene.first <= cursor && cursor <= scene.last);
  const begins = scenes[sceneAt]?.first === cursor;

  useEffect(() => {
    document.getElementById(`shot-${cursor}`)?.scrollIntoView?.({ block: "nearest" });
  }, [cursor]);

  const go = (place: number) => setCursor(Math.min(Math.max(place, 0), shots.length - 1));
  const back = (shot: number | undefined) => {
    const place = shots.findIndex((one) => one.index === shot);
    if (place >= 0) setCursor(place);
  };
  function toggle(place: number) {
    const shot = shots[place];
    if (!shot || place === 0) return;
    setCursor(place);
    const isFirst = scenes.some((scene) => scene.first === place);
    work.edit({ kind: isFirst ? "join" : "split", shot: shot.index });
  }

  const commands = useCommands(storyboardCommands, {
    canEdit: cursor > 0,
    canUndo: work.canUndo,
    canRedo: work.canRedo,
    toggle: () => toggle(cursor),
    go: (steps) => go(cursor + steps),
    goScene: (steps) => {
      const target = steps < 0 && !begins ? scenes[sceneAt] : scenes[sceneAt + steps];
      if (target) go(target.first);
    },
    undo: () => back(work.undo()),
    redo: () => back(work.redo()),
    openHelp: () => setHelpOpen(true),
  });

  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div>
          <Anchor component={Link} to={`/projects/${project}?tab=stories`} fz="xs">
            {t("storyboard.back")}
          </Anchor>
          <Title order={1} size="h4" lineClamp={1}>
            {board.episode && `${board.episode.series} · ${board.episode.title}`}
          </Title>
        </div>
        <Text size="sm" c="dimmed" role="status">
          {t("storyboard.count", { count: scenes.length, shots: shots.length })}
        </Text>
        <span className={classes.space} />
        <CommandButton
          command={commands.get("storyboard.toggle")}
          label={begins ? "storyboard.join" : "storyboard.split"}
          size="sm"
          variant="light"
          miw={250}
        />
        <CommandIcon command={commands.get("storyboard.undo")} icon={<IconArrowBackUp {...ICON} />} />
        <CommandIcon command={commands.get("storyboard.redo")} icon={<IconArrowForwardUp {...ICON} />} />
        <CommandIcon command={commands.get("page.help")} icon={<IconKeyboard {...ICON} />} />
      </header>
      {!board.is_found && (
        <Text size="sm" c="dimmed" mb="xs">
          {t("storyboard.notFound")}
        </Text>
      )}
      <div className={classes.scenes}>
        {scenes.map((scene, number) => (
          <SceneRow
            key={scene.first}
            number={number}
            scene={scene}
            shots={shots}
            marks={marks}
            cursor={sceneAt === number ? cursor : undefined}
            thumbnails={thumbnails}
            onPick={setCursor}
            onToggle={toggle}
          />
        ))}
      </div>
      <HelpDialog commands={commands.all} opened={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
