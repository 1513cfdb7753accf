import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { EpisodeMedia, Line } from "../api/types";
import { type Lane, Timeline } from "../media/Timeline";
import { usePlayer } from "../media/usePlayer";
import { VideoStage } from "../media/VideoStage";
import classes from "./ClipPlayer.module.css";

interface Props {
  media: EpisodeMedia;
  startMs: number;
  endMs: number;
  lines: readonly Line[];
  lanes?: readonly Lane[];
}

/** A clip that plays in a loop, with nothing to do but watch. A click pauses it. */
export function ClipPlayer({ media, startMs, endMs, lines, lanes = [] }: Props) {
  const { t } = useTranslation();
  const player = usePlayer();
  useEffect(() => player.loop([startMs, endMs]), [player, startMs, endMs]);
  return (
    <div className={classes.player}>
      <div className={classes.stage}>
        <VideoStage player={player} media={media} lines={lines} showLines onClick={() => player.toggle()} />
      </div>
      <Timeline player={player} window={[startMs, endMs]} lanes={lanes} label={t("player.position")} />
    </div>
  );
}
