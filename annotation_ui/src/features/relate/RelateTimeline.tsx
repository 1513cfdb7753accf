import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ClipLine, Relating } from "../../api/types";
import type { Player } from "../../media/player";
import { type Lane, Timeline } from "../../media/Timeline";
import { Waveform } from "../../media/Waveform";
import { isDoubtful } from "./lines";
import { useNameOf } from "./people";

interface Props {
  player: Player;
  turn: Relating;
  lines: readonly ClipLine[];
}

/** The clip: what is said as it is corrected, its shots, and when each person is seen. */
export function RelateTimeline({ player, turn, lines }: Props) {
  const { t } = useTranslation();
  const nameOf = useNameOf(turn.people);
  const { clip, episode, people } = turn;
  const window = useMemo(() => [clip.start_ms, clip.end_ms] as const, [clip.start_ms, clip.end_ms]);
  const said: Lane = {
    id: "lines",
    label: t("relate.lanes.lines"),
    height: "normal",
    items: lines.map((line) => ({
      key: line.name,
      startMs: line.start_ms,
      endMs: line.end_ms,
      text: line.text,
      warns: isDoubtful(line),
    })),
    ...(episode.waveform ? { background: <Waveform source={episode.waveform} window={window} /> } : {}),
  };
  const shots: Lane = {
    id: "shots",
    label: t("relate.lanes.shots"),
    height: "thin",
    items: clip.shots.map((shot) => ({
      key: shot.index,
      startMs: shot.start_ms,
      endMs: shot.end_ms,
      title: t("states.shot", { number: shot.index + 1 }),
    })),
  };
  const seen = people.map(
    (person, tone): Lane => ({
      id: `person-${person.identity}`,
      label: nameOf(person.identity),
      height: "thin",
      items: person.spans.map(([startMs = 0, endMs = 0]) => ({
        key: startMs,
        startMs,
        endMs,
        title: `${nameOf(person.identity)}: ${t("states.onScreen")}`,
        tone,
      })),
    }),
  );
  return <Timeline player={player} window={window} lanes={[said, shots, ...seen]} label={t("player.position")} />;
}
