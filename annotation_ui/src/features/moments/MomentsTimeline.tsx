import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail } from "../../api/types";
import type { Player } from "../../media/player";
import { speakerTones } from "../../media/speakers";
import { type Lane, Timeline } from "../../media/Timeline";
import { clockText } from "../../media/timecode";
import type { Mark } from "./moments";
import { useWatched, type WatchedLog } from "./watched";

interface Props {
  player: Player;
  turn: AssignmentDetail;
  watched: WatchedLog;
  marks: readonly Mark[];
  selected: Mark | undefined;
  onJump: (mark: Mark) => void;
}

/** The whole episode: what was watched, where people speak, and the moments. */
export function MomentsTimeline({ player, turn, watched, marks, selected, onJump }: Props) {
  const { t } = useTranslation();
  const spans = useWatched(watched);
  const lines: Lane = useMemo(() => {
    const main = turn.characters.map((one) => one.name);
    const tones = speakerTones(
      turn.subtitles.map((line) => line.speaker),
      main,
    );
    return {
      id: "lines",
      label: t("moments.laneLines"),
      height: "thin",
      items: turn.subtitles.map((line, place) => {
        const tone = tones.get(line.speaker);
        const title = line.speaker ? `${line.speaker}: ${line.text}` : line.text;
        return {
          key: place,
          startMs: line.start_ms,
          endMs: line.end_ms,
          title,
          ...(tone === undefined ? {} : { tone }),
        };
      }),
    };
  }, [turn.subtitles, turn.characters, t]);

  const lanes: Lane[] = [
    {
      id: "moments",
      label: t("moments.laneMoments"),
      height: "normal",
      marks: marks.map((mark) => ({
        key: mark.id,
        timeMs: mark.timeMs,
        label: t("moments.jump", { time: clockText(mark.timeMs, true) }),
        selected: mark.id === selected?.id,
        onClick: () => onJump(mark),
      })),
    },
    lines,
    {
      id: "watched",
      label: t("moments.laneWatched"),
      height: "thin",
      items: spans.map(([startMs, endMs]) => ({ key: startMs, startMs, endMs })),
    },
  ];
  return <Timeline player={player} window={[0, turn.episode.duration_ms]} lanes={lanes} label={t("player.position")} />;
}
