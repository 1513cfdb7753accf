import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail, Clip, Evidence } from "../../api/types";
import type { Player } from "../../media/player";
import { speakerTones } from "../../media/speakers";
import { type Lane, type LaneMark, Timeline } from "../../media/Timeline";
import { clockText } from "../../media/timecode";
import { Waveform } from "../../media/Waveform";
import type { Answers } from "./useAnswers";
import type { Pointing } from "./usePointing";

interface Props {
  player: Player;
  turn: AssignmentDetail;
  clip: Clip;
  answers: Answers;
  pointing: Pointing;
}

/** The clip: its moments, who says what, shots, when each main character is seen, and what the answer points at. */
export function ClipTimeline({ player, turn, clip, answers, pointing }: Props) {
  const { t } = useTranslation();
  const facts = useFactLanes(player, turn, clip);
  const evidence = answers.answer.status === "one" ? answers.answer.evidence : [];
  const began: LaneMark[] =
    pointing.spanFromMs === undefined
      ? []
      : [{ key: "began", timeMs: pointing.spanFromMs, label: t("states.spanBegan"), selected: true }];
  const pointed: Lane = {
    id: "evidence",
    label: t("states.laneEvidence"),
    height: "normal",
    marks: began,
    items: evidence.map((one) => evidenceItem(one)),
  };

  function evidenceItem(one: Evidence) {
    const words = { reason: t(`states.reason.${one.reason}`), kind: t(`states.pointShort.${one.kind}`) };
    return {
      key: `${one.kind} ${one.start_ms} ${one.end_ms}`,
      startMs: one.start_ms,
      endMs: one.end_ms,
      text: t("states.evidence", words),
      remove: { label: t("states.evidenceRemove", words), run: () => answers.togglePlace(one) },
    };
  }

  return (
    <Timeline
      player={player}
      window={[clip.start_ms, clip.end_ms]}
      lanes={[...facts, pointed]}
      label={t("player.position")}
      {...(answers.mayPoint ? { onSpan: pointing.span } : {})}
    />
  );
}

/** The lanes that are the same for every answer. */
function useFactLanes(player: Player, turn: AssignmentDetail, clip: Clip): Lane[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const { waveform } = turn.episode;
    const tones = speakerTones(
      clip.segments.map((segment) => segment.speaker),
      turn.characters.map((one) => one.name),
    );
    const toned = (name: string) => {
      const tone = tones.get(name);
      return tone === undefined ? {} : { tone };
    };
    const moments: Lane = {
      id: "moments",
      label: t("states.laneMoments"),
      height: "normal",
      marks: clip.moments_ms.map((timeMs) => ({
        key: timeMs,
        timeMs,
        tall: true,
        label: t("states.moment", { time: clockText(timeMs - clip.start_ms, true) }),
        onClick: () => player.seek(timeMs),
      })),
      ...(waveform ? { background: <Waveform source={waveform} window={[clip.start_ms, clip.end_ms]} /> } : {}),
    };
    const lines: Lane = {
      id: "lines",
      label: t("states.laneLines"),
      height: "normal",
      items: turn.subtitles
        .filter((line) => line.end_ms > clip.start_ms && line.start_ms < clip.end_ms)
        .map((line) => ({
          key: line.index,
          startMs: line.start_ms,
          endMs: line.end_ms,
          text: line.speaker ? `${line.speaker}: ${line.text}` : line.text,
          ...toned(line.speaker),
        })),
    };
    const segments: Lane = {
      id: "segments",
      label: t("states.laneSegments"),
      height: "thin",
      items: clip.segments.map((one) => ({
        key: one.index,
        startMs: one.start_ms,
        endMs: one.end_ms,
        title: one.kind === "visual" ? t("states.laneVisual") : one.speaker || one.text,
        faint: one.kind === "visual",
        ...toned(one.speaker),
      })),
    };
    const shots: Lane = {
      id: "shots",
      label: t("states.laneShots"),
      height: "thin",
      items: clip.shots.map((shot) => ({
        key: shot.index,
        startMs: shot.start_ms,
        endMs: shot.end_ms,
        title: t("states.shot", { number: shot.index + 1 }),
      })),
    };
    const people = turn.characters.map(
      (one): Lane => ({
        id: `person-${one.id}`,
        label: one.name,
        height: "thin",
        items: one.tracks.map((track) => ({
          key: track.index,
          startMs: track.start_ms,
          endMs: track.end_ms,
          title: `${one.name}: ${t("states.onScreen")}`,
          ...toned(one.name),
        })),
      }),
    );
    return [moments, lines, segments, shots, ...people];
  }, [clip, turn.characters, turn.subtitles, turn.episode, player, t]);
}
