import { Badge, Text, Title } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBook2,
  IconKeyboard,
  IconMagnet,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconRepeat,
} from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail, Locating } from "../../api/types";
import { CommandButton, CommandIcon } from "../../commands/CommandButton";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { GuidelineDrawer } from "../../components/GuidelineDrawer";
import { PlayerBar } from "../../media/PlayerBar";
import { usePlayerPreferences } from "../../media/preferences";
import { useThumbnails } from "../../media/thumbnails";
import { clockText } from "../../media/timecode";
import { usePlayer, usePlayerState } from "../../media/usePlayer";
import { VideoStage } from "../../media/VideoStage";
import { itemOf } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import classes from "../../turn/EpisodeDesk.module.css";
import { LeaseLostDialog } from "../../turn/LeaseLostDialog";
import { useLease } from "../../turn/useLease";
import { locateCommands } from "./commands";
import { FinishDialog } from "./FinishDialog";
import { InteractionList } from "./InteractionList";
import { LocateTimeline } from "./LocateTimeline";
import { OfferPanel } from "./OfferPanel";
import { useLocating } from "./useLocating";

interface Props {
  turn: AssignmentDetail;
  page: Locating;
  since: number;
  onFinished: (turn: AssignmentDetail) => void;
  onTakeAgain: () => void;
  taking: boolean;
}

const ICON = { size: 18, stroke: 1.7 } as const;

export function LocateDesk({ turn, page, since, onFinished, onTakeAgain, taking }: Props) {
  const { t } = useTranslation();
  const player = usePlayer();
  const { playing } = usePlayerState(player);
  const outbox = useOutbox();
  const { lost } = useOutboxState();
  const { showLines, toggleLines } = usePlayerPreferences(player);
  const thumbnails = useThumbnails(player, turn.episode.video_url);
  const leaseLost = useLease(turn.id);
  const [open, setOpen] = useState<"help" | "guideline" | "finish">();
  const desk = useLocating(player, turn, page, since);
  const item = itemOf(turn);
  useEffect(() => outbox.adopt(item, turn.id), [outbox, item, turn.id]);
  const lines = useMemo(() => page.lines.map((line) => ({ ...line, speaker: "" })), [page.lines]);

  const commands = useCommands(locateCommands, {
    ...desk.context,
    toggleLines,
    openHelp: () => setOpen("help"),
    openGuideline: () => setOpen("guideline"),
    askToFinish: () => {
      player.pause();
      desk.interactions.settle();
      setOpen("finish");
    },
  });
  const { marks, news, selected, unsent } = desk.interactions;

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
          <CommandIcon
            command={commands.get("locate.snapping")}
            icon={<IconMagnet {...ICON} />}
            pressed={desk.isSnapping}
          />
          <CommandIcon command={commands.get("page.guideline")} icon={<IconBook2 {...ICON} />} />
          <CommandIcon command={commands.get("page.help")} icon={<IconKeyboard {...ICON} />} />
        </header>
        <VideoStage
          player={player}
          media={turn.episode}
          lines={lines}
          showLines={showLines}
          onClick={commands.get("locate.toggle").run}
        />
        <PlayerBar player={player} commands={commands} lengthMs={turn.episode.duration_ms} showLines={showLines}>
          <CommandIcon
            command={commands.get("locate.toggle")}
            icon={playing ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
          />
          <CommandButton command={commands.get("locate.in")} label="locate.inShort" size="sm" variant="light" />
          <CommandButton
            command={commands.get("locate.out")}
            label="locate.outShort"
            size="sm"
            variant={desk.inMs === undefined ? "light" : "filled"}
          />
          <CommandIcon command={commands.get("locate.loop")} icon={<IconRepeat {...ICON} />} pressed={desk.isLooping} />
          <CommandIcon command={commands.get("locate.storyBefore")} icon={<IconPlayerSkipBack {...ICON} />} />
          <CommandIcon command={commands.get("locate.storyNext")} icon={<IconPlayerSkipForward {...ICON} />} />
        </PlayerBar>
        <LocateTimeline player={player} turn={turn} page={page} desk={desk} />
      </section>
      <aside className={classes.right} aria-label={t("locate.list")}>
        <OfferPanel commands={commands} desk={desk} people={page.people} />
        <header className={classes.head}>
          <Title order={2} size="h6">
            {t("locate.count", { count: marks.length })}
          </Title>
          <span className={classes.space} />
          <CommandIcon command={commands.get("locate.undo")} icon={<IconArrowBackUp {...ICON} />} />
          <CommandIcon command={commands.get("locate.redo")} icon={<IconArrowForwardUp {...ICON} />} />
        </header>
        <Text className={classes.news ?? ""} size="xs" c="dimmed" role="status">
          {desk.inMs === undefined
            ? news && t(`locate.news.${news.type}`, { time: clockText(news.timeMs, true) })
            : t("locate.news.begun", { time: clockText(desk.inMs, true) })}
        </Text>
        <InteractionList
          marks={marks}
          page={page}
          selected={selected}
          thumbnails={thumbnails}
          onJump={desk.jumpTo}
          onRemove={desk.interactions.remove}
        />
        <CommandButton command={commands.get("locate.finish")} fullWidth variant="light" />
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
          page={page}
          marks={marks}
          openOffers={desk.interactions.offers.length}
          unsent={unsent.length}
          onClose={() => setOpen(undefined)}
          onFinished={onFinished}
        />
      )}
      <LeaseLostDialog
        opened={leaseLost || lost.has(turn.id)}
        kept={unsent.length}
        onTakeAgain={onTakeAgain}
        busy={taking}
      />
    </div>
  );
}
