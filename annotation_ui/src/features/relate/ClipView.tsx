import { Badge, Button, Title } from "@mantine/core";
import {
  IconBook2,
  IconHistory,
  IconKeyboard,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconRepeat,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ClipLine, Relating } from "../../api/types";
import { CommandIcon } from "../../commands/CommandButton";
import type { Commands } from "../../commands/useCommands";
import { PlayerBar } from "../../media/PlayerBar";
import type { Player } from "../../media/player";
import { clockText } from "../../media/timecode";
import { usePlayerState } from "../../media/usePlayer";
import { VideoStage } from "../../media/VideoStage";
import classes from "./RelateDesk.module.css";
import { RelateTimeline } from "./RelateTimeline";

interface Props {
  player: Player;
  turn: Relating;
  lines: readonly ClipLine[];
  commands: Commands;
  showLines: boolean;
  /** Back from an earlier clip to the current one. */
  onLeave: () => void;
}

const ICON = { size: 18, stroke: 1.7 } as const;

/** Which clip this is, the clip in a loop, and its lanes. */
export function ClipView({ player, turn, lines, commands, showLines, onLeave }: Props) {
  const { t } = useTranslation();
  const { playing, looping } = usePlayerState(player);
  const { clip, episode } = turn;
  return (
    <section className={classes.left} aria-label={t("player.controls")}>
      <header className={classes.head}>
        <Title order={1} size="h5" lineClamp={1}>
          {episode.series} · {episode.title}
        </Title>
        <Badge variant="light" color="gray" tt="none">
          {t("states.clip", { start: clockText(clip.start_ms), end: clockText(clip.end_ms) })}
        </Badge>
        <span className={classes.space} />
        {turn.status === "done" && (
          <>
            <Badge color="orange" variant="light" tt="none">
              {t("states.correcting")}
            </Badge>
            <Button size="compact-sm" variant="default" onClick={onLeave}>
              {t("states.leave")}
            </Button>
          </>
        )}
        <CommandIcon command={commands.get("states.history")} icon={<IconHistory {...ICON} />} />
        <CommandIcon command={commands.get("page.guideline")} icon={<IconBook2 {...ICON} />} />
        <CommandIcon command={commands.get("page.help")} icon={<IconKeyboard {...ICON} />} />
      </header>
      <VideoStage
        player={player}
        media={episode}
        lines={lines}
        showLines={showLines}
        onClick={commands.get("states.play").run}
      />
      <PlayerBar
        player={player}
        commands={commands}
        originMs={clip.start_ms}
        lengthMs={clip.end_ms - clip.start_ms}
        showLines={showLines}
      >
        <CommandIcon
          command={commands.get("states.play")}
          icon={playing ? <IconPlayerPauseFilled {...ICON} /> : <IconPlayerPlayFilled {...ICON} />}
        />
        <CommandIcon command={commands.get("states.restart")} icon={<IconPlayerSkipBack {...ICON} />} />
        <CommandIcon command={commands.get("states.loop")} icon={<IconRepeat {...ICON} />} pressed={looping} />
      </PlayerBar>
      <RelateTimeline player={player} turn={turn} lines={lines} />
    </section>
  );
}
