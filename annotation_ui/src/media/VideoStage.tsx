import { Loader, Text } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EpisodeMedia, Line } from "../api/types";
import type { Player } from "./player";
import { useItemNow, usePlayerState } from "./usePlayer";
import classes from "./VideoStage.module.css";

interface Props {
  player: Player;
  media: EpisodeMedia;
  lines: readonly Line[];
  showLines: boolean;
  /** What a click on the picture does: the same as the page's Space. */
  onClick: () => void;
  /** What stands on the picture, in its upper left corner. */
  children?: ReactNode;
}

/** From so many letters on a line is set smaller, in two rows. */
const LONG_LINE = 90;

/**
 * The picture, always in a box of the same size, and a line of subtitles below it: over it they would hide a face, or
 * stand on subtitles that are part of the picture.
 */
export function VideoStage({ player, media, lines, showLines, onClick, children }: Props) {
  const { t } = useTranslation();
  const { playing, waiting, failed } = usePlayerState(player);
  return (
    <div className={classes.column}>
      <div className={classes.stage}>
        {/* biome-ignore lint/a11y/useMediaCaption: subtitles are drawn below from the API, so that they can be styled and switched */}
        <video
          ref={player.attach}
          className={classes.video}
          src={media.video_url}
          poster={media.poster_url ?? undefined}
          preload="auto"
          playsInline
          aria-label={t("player.video", { title: media.title })}
        />
        <button type="button" className={classes.surface} onClick={onClick} tabIndex={-1} aria-hidden>
          {!playing && !failed && (
            <span className={classes.badge}>
              <IconPlayerPlayFilled size={30} />
            </span>
          )}
        </button>
        {children && <div className={classes.corner}>{children}</div>}
        {waiting && <Loader className={classes.loader ?? ""} color="gray.3" aria-label={t("player.waiting")} />}
        {failed && (
          <Text className={classes.failed ?? ""} role="alert">
            {t("player.failed")}
          </Text>
        )}
      </div>
      <div className={classes.caption}>{showLines && <Caption player={player} lines={lines} />}</div>
    </div>
  );
}

function Caption({ player, lines }: { player: Player; lines: readonly Line[] }) {
  const line = useItemNow(player, lines);
  if (!line) return null;
  return (
    <span data-long={line.text.length > LONG_LINE || undefined}>
      {line.speaker && <b>{line.speaker}: </b>}
      {line.text}
    </span>
  );
}
