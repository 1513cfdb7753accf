import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail, Clip } from "../../api/types";
import type { Player } from "../../media/player";
import { segmentLane, speakerTones } from "../../media/speakers";
import { type Lane, Timeline } from "../../media/Timeline";
import { clockText } from "../../media/timecode";

/** The clip: its moments, who says what, and when each main character is on screen. */
export function ClipTimeline({ player, turn, clip }: { player: Player; turn: AssignmentDetail; clip: Clip }) {
  const { t } = useTranslation();
  const lanes = useMemo(() => {
    const tones = speakerTones(
      clip.segments.map((segment) => segment.speaker),
      turn.characters.map((one) => one.name),
    );
    const moments: Lane = {
      id: "moments",
      label: t("states.laneMoments"),
      height: "normal",
      marks: clip.moments_ms.map((timeMs) => ({
        key: timeMs,
        timeMs,
        label: t("states.moment", { time: clockText(timeMs - clip.start_ms, true) }),
        onClick: () => player.seek(timeMs),
      })),
    };
    const words = { label: t("states.laneSegments"), visual: t("states.laneVisual") };
    const people = turn.characters.map((one): Lane => {
      const tone = tones.get(one.name);
      return {
        id: `person-${one.id}`,
        label: one.name,
        height: "thin",
        items: one.on_screen.map(([startMs = 0, endMs = 0]) => ({
          key: startMs,
          startMs,
          endMs,
          title: `${one.name}: ${t("states.onScreen")}`,
          ...(tone === undefined ? {} : { tone }),
        })),
      };
    });
    return [moments, segmentLane(clip.segments, tones, words), ...people];
  }, [clip, turn.characters, player, t]);
  return <Timeline player={player} window={[clip.start_ms, clip.end_ms]} lanes={lanes} label={t("player.position")} />;
}
