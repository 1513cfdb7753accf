import { Badge, Title } from "@mantine/core";
import { IconBook2, IconKeyboard, IconPlayerPauseFilled, IconPlayerPlayFilled, IconRepeat } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail, Clip, Vocabulary } from "../../api/types";
import { CommandIcon } from "../../commands/CommandButton";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { GuidelineDrawer } from "../../components/GuidelineDrawer";
import { PlayerBar } from "../../media/PlayerBar";
import { clockText, frameLengthMs } from "../../media/timecode";
import { usePlayer, usePlayerState } from "../../media/usePlayer";
import { VideoStage } from "../../media/VideoStage";
import { itemOf } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { LeaseLostDialog } from "../../turn/LeaseLostDialog";
import { useLease } from "../../turn/useLease";
import { AnswerPanel } from "./AnswerPanel";
import { CharacterTabs } from "./CharacterTabs";
import { ClipTimeline } from "./ClipTimeline";
import { statesCommands } from "./commands";
import classes from "./StatesDesk.module.css";
import { useAnswers } from "./useAnswers";

interface Props {
  turn: AssignmentDetail;
  clip: Clip;
  vocabulary: Vocabulary;
  onFinished: () => void;
  onTakeAgain: () => void;
  taking: boolean;
}

const ICON = { size: 18, stroke: 1.7 } as const;

export function StatesDesk({ turn, clip, vocabulary, onFinished, onTakeAgain, taking }: Props) {
  const { t } = useTranslation();
  const player = usePlayer();
  const { playing } = usePlayerState(player);
  const outbox = useOutbox();
  const { lost } = useOutboxState();
  const answers = useAnswers(turn, vocabulary, onFinished);
  const leaseLost = useLease(turn.id);
  const [showLines, setShowLines] = useState(true);
  const [open, setOpen] = useState<"help" | "guideline">();
  const frameMs = useMemo(() => frameLengthMs(turn.episode.frame_rate), [turn.episode.frame_rate]);
  const item = itemOf(turn);
  useEffect(() => outbox.adopt(item, turn.id), [outbox, item, turn.id]);
  useEffect(() => player.loop([clip.start_ms, clip.end_ms]), [player, clip.start_ms, clip.end_ms]);

  const commands = useCommands(statesCommands, {
    ...answers,
    player,
    frameMs,
    toggleLines: () => setShowLines((old) => !old),
    openHelp: () => setOpen("help"),
    openGuideline: () => setOpen("guideline"),
  });
  const play = commands.get("states.play");
  const offersSuggestions = turn.suggestions.length > 0;
  const helped = commands.all.filter(({ id }) => offersSuggestions || id !== "states.suggest");

  return (
    <div className={classes.desk}>
      <section className={classes.left} aria-label={t("player.controls")}>
        <header className={classes.head}>
          <Title order={1} size="h5" lineClamp={1}>
            {turn.episode.series} · {turn.episode.title}
          </Title>
          <Badge variant="light" color="gray" tt="none">
            {t("states.clip", { start: clockText(clip.start_ms), end: clockText(clip.end_ms) })}
          </Badge>
          <span className={classes.space} />
          <CommandIcon command={commands.get("page.guideline")} icon={<IconBook2 {...ICON} />} />
          <CommandIcon command={commands.get("page.help")} icon={<IconKeyboard {...ICON} />} />
        </header>
        <VideoStage
          player={player}
          media={turn.episode}
          lines={turn.subtitles}
          showLines={showLines}
          onClick={play.run}
        />
        <PlayerBar
          player={player}
          commands={commands}
          originMs={clip.start_ms}
          lengthMs={clip.end_ms - clip.start_ms}
          showLines={showLines}
        >
          <CommandIcon
            command={play}
            icon={playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
          />
          <CommandIcon command={commands.get("states.restart")} icon={<IconRepeat {...ICON} />} />
        </PlayerBar>
        <ClipTimeline player={player} turn={turn} clip={clip} />
      </section>
      <section className={classes.right} aria-label={t("states.characters")}>
        <CharacterTabs people={turn.characters} draft={answers.draft} onSelect={answers.select} />
        <AnswerPanel
          answers={answers}
          vocabulary={vocabulary}
          commands={commands}
          offersSuggestions={offersSuggestions}
        />
      </section>
      <HelpDialog commands={helped} opened={open === "help"} onClose={() => setOpen(undefined)} />
      <GuidelineDrawer
        opened={open === "guideline"}
        title={turn.project.name}
        text={turn.project.guideline}
        onClose={() => setOpen(undefined)}
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
