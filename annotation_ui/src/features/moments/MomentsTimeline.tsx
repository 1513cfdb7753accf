import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail } from "../../api/types";
import { gapsIn } from "../../media/intervals";
import type { Player } from "../../media/player";
import { speakerTones } from "../../media/speakers";
import { type Lane, Timeline } from "../../media/Timeline";
import { clockText } from "../../media/timecode";
import type { Mark } from "./moments";
import { useWatched, type WatchedLog, watchedPercent } from "./watched";

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
  const lengthMs = turn.episode.duration_ms;
  const smallest = turn.watched?.smallest_gap_ms ?? 0;
  // What lies behind the furthest seen part was not skipped, it is still to come.
  const skipped = gapsIn(spans, spans.at(-1)?.[1] ?? 0, smallest);
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
      label: t("moments.watched", { percent: watchedPercent(spans, lengthMs, smallest) }),
      height: "thin",
      items: [
        ...spans.map(([startMs, endMs]) => ({ key: startMs, startMs, endMs })),
        ...skipped.map(([startMs, endMs]) => ({
          key: `skipped-${startMs}`,
          startMs,
          endMs,
          warns: true,
          title: t("moments.skipped", { start: clockText(startMs), end: clockText(endMs) }),
        })),
      ],
    },
  ];
  return <Timeline player={player} window={[0, lengthMs]} lanes={lanes} label={t("player.position")} />;
}
