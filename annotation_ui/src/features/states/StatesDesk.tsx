import {
  IconBook2,
  IconHistory,
  IconKeyboard,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconPlayerTrackPrev,
  IconRepeat,
} from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail, Clip, Vocabulary } from "../../api/types";
import { CommandIcon } from "../../commands/CommandButton";
import { HelpDialog } from "../../commands/HelpDialog";
import { type Commands, useCommands } from "../../commands/useCommands";
import { GuidelineDrawer } from "../../components/GuidelineDrawer";
import { PlayerBar } from "../../media/PlayerBar";
import type { Player } from "../../media/player";
import { usePlayerPreferences } from "../../media/preferences";
import { useThumbnails } from "../../media/thumbnails";
import { frameLengthMs } from "../../media/timecode";
import { usePlayer, usePlayerState } from "../../media/usePlayer";
import { VideoStage } from "../../media/VideoStage";
import { itemOf } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { LeaseLostDialog } from "../../turn/LeaseLostDialog";
import { useLease } from "../../turn/useLease";
import { AnswerPanel } from "./AnswerPanel";
import { CharacterTabs } from "./CharacterTabs";
import { ClipTimeline } from "./ClipTimeline";
import { ContextBadge } from "./ContextBadge";
import { statesCommands } from "./commands";
import { DeskHead } from "./DeskHead";
import { HistoryDrawer } from "./HistoryDrawer";
import classes from "./StatesDesk.module.css";
import { useAnswers } from "./useAnswers";
import { useContextWatched } from "./useContextWatched";
import { usePointing } from "./usePointing";

interface Props {
  turn: AssignmentDetail;
  clip: Clip;
  vocabulary: Vocabulary;
  onFinished: () => void;
  onTakeAgain: () => void;
  /** Open an earlier turn, or the current one again. */
  onOpen: (turn?: number) => void;
  taking: boolean;
}

const ICON = { size: 18, stroke: 1.7 } as const;

export function StatesDesk({ turn, clip, vocabulary, onFinished, onTakeAgain, onOpen, taking }: Props) {
  const { t } = useTranslation();
  const player = usePlayer();
  const thumbnails = useThumbnails(player, turn.episode.video_url);
  const outbox = useOutbox();
  const { lost } = useOutboxState();
  const answers = useAnswers(turn, vocabulary, onFinished);
  const pointing = usePointing(player, turn, clip, answers);
  const isHeld = turn.status !== "done";
  const leaseLost = useLease(turn.id, isHeld);
  const { showLines, toggleLines } = usePlayerPreferences(player);
  const [open, setOpen] = useState<"help" | "guideline" | "history" | "comment">();
  const frameMs = useMemo(() => frameLengthMs(turn.episode.frame_rate), [turn.episode.frame_rate]);
  const item = itemOf(turn);
  const close = () => setOpen(undefined);
  useEffect(() => outbox.adopt(item, turn.id), [outbox, item, turn.id]);
  useEffect(() => player.loop([clip.start_ms, clip.end_ms]), [player, clip.start_ms, clip.end_ms]);
  useContextWatched(player, clip, answers.watched);

  const commands = useCommands(statesCommands, {
    ...answers,
    player,
    frameMs,
    pointAt: pointing.pointAt,
    choosePerson: (place) => {
      const person = turn.characters[place];
      if (person) answers.select(person.id);
    },
    mayWatchContext: clip.context_start_ms < clip.start_ms,
    watchContext: () => player.playLead(clip.context_start_ms),
    toggleLines,
    openComment: () => setOpen("comment"),
    openHistory: () => setOpen("history"),
    openHelp: () => setOpen("help"),
    openGuideline: () => {
      player.pause(); // an example plays with sound
      setOpen("guideline");
    },
  });
  const offersSuggestions = turn.suggestions.length > 0;
  const hidden = new Set<string>();
  if (!offersSuggestions) hidden.add("states.suggest");
  if (clip.context_start_ms === clip.start_ms) hidden.add("states.context");

  return (
    <div className={classes.desk}>
      <section className={classes.left} aria-label={t("player.controls")}>
        <DeskHead turn={turn} clip={clip} onLeave={() => onOpen()}>
          <CommandIcon command={commands.get("states.history")} icon={<IconHistory {...ICON} />} />
          <CommandIcon command={commands.get("page.guideline")} icon={<IconBook2 {...ICON} />} />
          <CommandIcon command={commands.get("page.help")} icon={<IconKeyboard {...ICON} />} />
        </DeskHead>
        <VideoStage
          player={player}
          media={turn.episode}
          lines={turn.subtitles}
          showLines={showLines}
          onClick={commands.get("states.play").run}
        >
          <ContextBadge player={player} clip={clip} />
        </VideoStage>
        <ClipBar player={player} commands={commands} clip={clip} showLines={showLines} />
        <ClipTimeline player={player} turn={turn} clip={clip} answers={answers} pointing={pointing} />
      </section>
      <section className={classes.right} aria-label={t("states.characters")}>
        <CharacterTabs
          people={turn.characters}
          draft={answers.draft}
          keys={commands.get("states.person").keys}
          media={turn.episode}
          thumbnails={thumbnails}
          onSelect={answers.select}
        />
        <AnswerPanel
          answers={answers}
          vocabulary={vocabulary}
          commands={commands}
          offersSuggestions={offersSuggestions}
          pointing={pointing}
          commenting={open === "comment"}
          onCommenting={(commenting) => setOpen(commenting ? "comment" : undefined)}
        />
      </section>
      <HelpDialog
        commands={commands.all.filter(({ id }) => !hidden.has(id))}
        opened={open === "help"}
        onClose={close}
      />
      <HistoryDrawer
        project={turn.project.id}
        opened={open === "history"}
        onClose={close}
        onOpen={(earlier) => {
          close();
          onOpen(earlier);
        }}
      />
      <GuidelineDrawer
        opened={open === "guideline"}
        project={turn.project.id}
        title={turn.project.name}
        text={turn.project.guideline}
        label={answers.answer.fineGrained || answers.answer.primary}
        onClose={close}
      />
      <LeaseLostDialog
        opened={leaseLost || lost.has(turn.id)}
        kept={answers.unsent.length}
        onTakeAgain={onTakeAgain}
        busy={taking}
      />
    </div>
  );
}

interface BarProps {
  player: Player;
  commands: Commands;
  clip: Clip;
  showLines: boolean;
}

function ClipBar({ player, commands, clip, showLines }: BarProps) {
  const { playing, looping } = usePlayerState(player);
  return (
    <PlayerBar
      player={player}
      commands={commands}
      originMs={clip.start_ms}
      lengthMs={clip.end_ms - clip.start_ms}
      showLines={showLines}
    >
      <CommandIcon
        command={commands.get("states.play")}
        icon={playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
      />
      <CommandIcon command={commands.get("states.restart")} icon={<IconPlayerSkipBack {...ICON} />} />
      <CommandIcon command={commands.get("states.loop")} icon={<IconRepeat {...ICON} />} pressed={looping} />
      {clip.context_start_ms < clip.start_ms && (
        <CommandIcon command={commands.get("states.context")} icon={<IconPlayerTrackPrev {...ICON} />} />
      )}
    </PlayerBar>
  );
}
