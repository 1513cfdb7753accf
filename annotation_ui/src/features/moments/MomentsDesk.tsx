import { Badge, Text, Title } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBook2,
  IconEyeQuestion,
  IconKeyboard,
  IconPlayerPause,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
} from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail } from "../../api/types";
import { CommandButton, CommandIcon } from "../../commands/CommandButton";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { GuidelineDrawer } from "../../components/GuidelineDrawer";
import { gapsIn } from "../../media/intervals";
import { PlayerBar } from "../../media/PlayerBar";
import { usePlayerPreferences } from "../../media/preferences";
import { useThumbnails } from "../../media/thumbnails";
import { clockText, frameLengthMs } from "../../media/timecode";
import { usePlayer, usePlayerState } from "../../media/usePlayer";
import { VideoStage } from "../../media/VideoStage";
import { itemOf, madeByHand } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import classes from "../../turn/EpisodeDesk.module.css";
import { LeaseLostDialog } from "../../turn/LeaseLostDialog";
import { useLease } from "../../turn/useLease";
import { CalibrationHint } from "../calibration/CalibrationHint";
import { momentsCommands } from "./commands";
import { FinishDialog } from "./FinishDialog";
import { MomentList } from "./MomentList";
import { MomentsTimeline } from "./MomentsTimeline";
import type { Mark } from "./moments";
import { useMarks } from "./useMarks";
import { nextUnseen, useWatchedLog } from "./watched";

interface Props {
  turn: AssignmentDetail;
  onFinished: (turn: AssignmentDetail) => void;
  onTakeAgain: () => void;
  taking: boolean;
}

const ICON = { size: 18, stroke: 1.7 } as const;

export function MomentsDesk({ turn, onFinished, onTakeAgain, taking }: Props) {
  const { t } = useTranslation();
  const player = usePlayer();
  const { playing } = usePlayerState(player);
  const outbox = useOutbox();
  const { lost } = useOutboxState();
  const marks = useMarks(turn);
  const watched = useWatchedLog(player, turn);
  const { showLines, toggleLines } = usePlayerPreferences(player);
  const thumbnails = useThumbnails(player, turn.episode.video_url);
  const leaseLost = useLease(turn.id);
  const [open, setOpen] = useState<"help" | "guideline" | "finish">();
  const frameMs = useMemo(() => frameLengthMs(turn.episode.frame_rate), [turn.episode.frame_rate]);
  const item = itemOf(turn);
  useEffect(() => outbox.adopt(item, turn.id), [outbox, item, turn.id]);

  function unseenParts() {
    return gapsIn(watched.snapshot, turn.episode.duration_ms, turn.watched?.smallest_gap_ms ?? 0);
  }

  function jumpTo(mark: Mark) {
    player.pause();
    player.seek(mark.timeMs);
    marks.select(mark);
  }

  function selectNext(steps: 1 | -1) {
    const now = player.timeMs;
    const place = marks.selected ? marks.marks.indexOf(marks.selected) + steps : -1;
    const nearest =
      steps > 0 ? marks.marks.find((mark) => mark.timeMs > now) : marks.marks.findLast((mark) => mark.timeMs < now);
    const target = marks.selected ? marks.marks[place] : nearest;
    if (target) jumpTo(target);
  }

  const commands = useCommands(momentsCommands, {
    player,
    frameMs,
    toggleLines,
    openHelp: () => setOpen("help"),
    openGuideline: () => setOpen("guideline"),
    selected: marks.selected,
    canUndo: marks.canUndo,
    canRedo: marks.canRedo,
    record: () => marks.record(player.timeMs, player.snapshot.rate),
    remove: marks.remove,
    undo: marks.undo,
    redo: marks.redo,
    select: selectNext,
    unseenMs: () => nextUnseen(unseenParts(), player.timeMs),
    askToFinish: () => {
      player.pause();
      player.tick();
      watched.flush();
      setOpen("finish");
    },
  });
  const toggle = commands.get("moments.toggle");

  return (
    <div className={classes.desk}>
      <section className={classes.left} aria-label={t("player.controls")}>
        <header className={classes.head}>
          <Title order={1} size="h5" lineClamp={1}>
            {turn.episode.series} · {turn.episode.title}
          </Title>
          <Badge variant="light" color="gray" tt="none">
            {turn.project.name}
          </Badge>
          <span className={classes.space} />
          {turn.project.moment_time === "corrected" && !turn.calibration && <CalibrationHint />}
          <CommandIcon command={commands.get("moments.unseen")} icon={<IconEyeQuestion {...ICON} />} />
          <CommandIcon command={commands.get("page.guideline")} icon={<IconBook2 {...ICON} />} />
          <CommandIcon command={commands.get("page.help")} icon={<IconKeyboard {...ICON} />} />
        </header>
        <VideoStage
          player={player}
          media={turn.episode}
          lines={turn.subtitles}
          showLines={showLines}
          onClick={toggle.run}
        />
        <PlayerBar player={player} commands={commands} lengthMs={turn.episode.duration_ms} showLines={showLines}>
          <CommandButton
            command={toggle}
            label={playing ? "moments.mark" : "moments.play"}
            leftSection={playing ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
            w={216}
            size="sm"
          />
          <CommandIcon command={commands.get("moments.pauseOnly")} icon={<IconPlayerPause {...ICON} />} />
        </PlayerBar>
        <MomentsTimeline
          player={player}
          turn={turn}
          watched={watched}
          marks={marks.marks}
          selected={marks.selected}
          onJump={jumpTo}
        />
      </section>
      <aside className={classes.right} aria-label={t("moments.list")}>
        <header className={classes.head}>
          <Title order={2} size="h6">
            {t("moments.count", { count: marks.marks.length })}
          </Title>
          <span className={classes.space} />
          <CommandIcon command={commands.get("moments.undo")} icon={<IconArrowBackUp {...ICON} />} />
          <CommandIcon command={commands.get("moments.redo")} icon={<IconArrowForwardUp {...ICON} />} />
        </header>
        <Text className={classes.news ?? ""} size="xs" c="dimmed" role="status">
          {marks.news && t(`moments.${marks.news.type}`, { time: clockText(marks.news.timeMs, true) })}
        </Text>
        <MomentList
          marks={marks.marks}
          lines={turn.subtitles}
          selected={marks.selected}
          thumbnails={thumbnails}
          onJump={jumpTo}
          onRemove={marks.remove}
        />
        <CommandButton command={commands.get("moments.finish")} fullWidth variant="light" />
      </aside>
      <HelpDialog commands={commands.all} opened={open === "help"} onClose={() => setOpen(undefined)} />
      <GuidelineDrawer
        opened={open === "guideline"}
        project={turn.project.id}
        title={turn.project.name}
        text={turn.project.guideline}
        onClose={() => setOpen(undefined)}
      />
      {open === "finish" && (
        <FinishDialog
          turn={turn}
          count={marks.marks.length}
          unseen={unseenParts()}
          unsent={marks.unsent.length}
          onClose={() => setOpen(undefined)}
          onSee={(timeMs) => {
            setOpen(undefined);
            player.seek(timeMs);
          }}
          onFinished={onFinished}
        />
      )}
      <LeaseLostDialog
        opened={leaseLost || lost.has(turn.id)}
        kept={madeByHand(marks.unsent).length}
        onTakeAgain={onTakeAgain}
        busy={taking}
      />
    </div>
  );
}
