import { Slider, Text } from "@mantine/core";
import {
  IconBadgeCc,
  IconChevronLeft,
  IconChevronRight,
  IconRewindBackward5,
  IconRewindForward5,
  IconVolume,
  IconVolumeOff,
} from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { CommandIcon } from "../commands/CommandButton";
import type { Commands } from "../commands/useCommands";
import classes from "./PlayerBar.module.css";
import type { Player } from "./player";
import { clockText } from "./timecode";
import { useClock, usePlayerState } from "./usePlayer";

interface Props {
  player: Player;
  commands: Commands;
  /** What the clock calls zero: the start of the clip, or of the episode. */
  originMs?: number;
  lengthMs: number;
  showLines: boolean;
  /** The page's own buttons: play, pause, mark. */
  children: ReactNode;
}

const ICON = { size: 18, stroke: 1.7 } as const;

export function PlayerBar({ player, commands, originMs = 0, lengthMs, showLines, children }: Props) {
  const { t } = useTranslation();
  const { rate, muted, volume } = usePlayerState(player);
  return (
    <div className={classes.bar} role="toolbar" aria-label={t("player.controls")}>
      <div className={classes.group}>{children}</div>
      <div className={classes.group}>
        <CommandIcon command={commands.get("player.back")} icon={<IconRewindBackward5 {...ICON} />} />
        <CommandIcon command={commands.get("player.frameBack")} icon={<IconChevronLeft {...ICON} />} />
        <CommandIcon command={commands.get("player.frameForward")} icon={<IconChevronRight {...ICON} />} />
        <CommandIcon command={commands.get("player.forward")} icon={<IconRewindForward5 {...ICON} />} />
      </div>
      <ClockText player={player} originMs={originMs} lengthMs={lengthMs} />
      <div className={classes.group}>
        <CommandIcon command={commands.get("player.slower")} icon={<Text size="md">−</Text>} />
        <Text className={classes.rate ?? ""} size="sm" aria-label={t("player.speed", { rate })}>
          {rate}×
        </Text>
        <CommandIcon command={commands.get("player.faster")} icon={<Text size="md">+</Text>} />
      </div>
      <div className={classes.group}>
        <CommandIcon command={commands.get("player.lines")} icon={<IconBadgeCc {...ICON} />} pressed={showLines} />
        <CommandIcon
          command={commands.get("player.mute")}
          icon={muted ? <IconVolumeOff {...ICON} /> : <IconVolume {...ICON} />}
          pressed={muted}
        />
        <Slider
          className={classes.volume ?? ""}
          size="xs"
          label={null}
          value={Math.round(100 * (muted ? 0 : volume))}
          onChange={(percent) => player.setVolume(percent / 100)}
          thumbProps={{ "aria-label": t("player.volume") }}
          color="gray"
        />
      </div>
    </div>
  );
}

function ClockText({ player, originMs, lengthMs }: { player: Player; originMs: number; lengthMs: number }) {
  const text = useRef<HTMLSpanElement>(null);
  useClock(player, (timeMs) => {
    if (text.current) text.current.textContent = clockText(timeMs - originMs, true);
  });
  return (
    <span className={classes.clock}>
      <span ref={text} data-testid="clock" />
      <span className={classes.length}> / {clockText(lengthMs, true)}</span>
    </span>
  );
}
