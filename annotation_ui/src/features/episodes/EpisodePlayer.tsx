import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EpisodeDetail, EpisodeMedia } from "../../api/types";
import { CommandIcon } from "../../commands/CommandButton";
import type { Command } from "../../commands/commands";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { type PlayerContext, playerCommands } from "../../media/commands";
import { PlayerBar } from "../../media/PlayerBar";
import { usePlayerPreferences } from "../../media/preferences";
import { segmentLane, speakerTones } from "../../media/speakers";
import { type Lane, Timeline } from "../../media/Timeline";
import { frameLengthMs } from "../../media/timecode";
import { usePlayer, usePlayerState } from "../../media/usePlayer";
import { VideoStage } from "../../media/VideoStage";
import { Waveform } from "../../media/Waveform";
import classes from "./EpisodePlayer.module.css";

const commandsOfPage: readonly Command<PlayerContext>[] = [
  { id: "play", keys: ["space"], label: "player.play", group: "play", run: ({ player }) => player.toggle() },
  ...playerCommands.filter((command) => command.id !== "page.guideline"),
];

/** Who is seen longest has a lane; more lanes than this would push the page away. */
const MOST_FACE_LANES = 4;

/** The episode with everything the analysers say of it, lane by lane. */
export function EpisodePlayer({ episode, media }: { episode: EpisodeDetail; media: EpisodeMedia }) {
  const { t } = useTranslation();
  const player = usePlayer();
  const { playing } = usePlayerState(player);
  const { showLines, toggleLines } = usePlayerPreferences(player);
  const [helping, setHelping] = useState(false);
  const commands = useCommands(commandsOfPage, {
    player,
    frameMs: frameLengthMs(media.frame_rate),
    toggleLines,
    openHelp: () => setHelping(true),
    openGuideline: () => {},
  });
  const play = commands.get("play");
  const { shots, segments, subtitles, characters, identities } = episode;

  const lanes = useMemo((): Lane[] => {
    const tones = speakerTones(
      segments.map((segment) => segment.speaker),
      characters.filter((one) => one.is_main).map((one) => one.name),
    );
    const all: Lane[] = [
      {
        id: "shots",
        label: t("episodes.laneShots"),
        height: "normal",
        items: shots.map((shot) => ({
          key: shot.index,
          startMs: shot.start_ms,
          endMs: shot.end_ms,
          text: String(shot.index + 1),
          title: t("episodes.shot", { number: shot.index + 1 }),
        })),
      },
      {
        id: "waveform",
        label: t("episodes.laneSound"),
        height: "normal",
        ...(media.waveform && {
          background: <Waveform source={media.waveform} window={[0, media.duration_ms]} />,
        }),
      },
      segmentLane(segments, tones, { label: t("episodes.laneSegments"), visual: t("episodes.visual") }),
      ...identities.slice(0, MOST_FACE_LANES).map((identity, place): Lane => {
        const name = characters.find((one) => one.id === identity.character)?.name;
        const tone = name === undefined ? undefined : tones.get(name);
        const label = name ?? t("episodes.person", { number: place + 1 });
        return {
          id: `face-${identity.id}`,
          label,
          height: "thin",
          items: identity.on_screen.map(([startMs = 0, endMs = 0]) => ({
            key: startMs,
            startMs,
            endMs,
            title: `${label}: ${t("states.onScreen")}`,
            ...(tone === undefined ? {} : { tone }),
          })),
        };
      }),
      {
        id: "subtitles",
        label: t("episodes.laneLines"),
        height: "thin",
        items: subtitles.map((line) => ({
          key: line.index,
          startMs: line.start_ms,
          endMs: line.end_ms,
          title: line.text,
        })),
      },
    ];
    return all.filter((lane) => lane.background || (lane.items?.length ?? 0) > 0);
  }, [media, shots, segments, subtitles, characters, identities, t]);

  return (
    <div className={classes.box}>
      <div className={classes.stage}>
        <VideoStage player={player} media={media} lines={subtitles} showLines={showLines} onClick={play.run} />
      </div>
      <PlayerBar player={player} commands={commands} lengthMs={media.duration_ms} showLines={showLines}>
        <CommandIcon
          command={play}
          icon={playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
        />
      </PlayerBar>
      <Timeline player={player} window={[0, media.duration_ms]} lanes={lanes} label={t("player.position")} />
      <HelpDialog commands={commands.all} opened={helping} onClose={() => setHelping(false)} />
    </div>
  );
}
