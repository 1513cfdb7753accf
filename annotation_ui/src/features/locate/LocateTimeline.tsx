import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail, Locating } from "../../api/types";
import type { Player } from "../../media/player";
import type { Window } from "../../media/ruler";
import { type Lane, type LaneItem, type LaneMark, Timeline } from "../../media/Timeline";
import { clockText } from "../../media/timecode";
import { Face, usePersonName } from "./Face";
import { type Mark, type Person, problemsOf, seenIn } from "./interactions";
import classes from "./LocateTimeline.module.css";
import type { LocatingDesk } from "./useLocating";

interface Props {
  player: Player;
  turn: AssignmentDetail;
  page: Locating;
  desk: LocatingDesk;
}

/** Always so many, so that nothing moves when others come on screen. */
const PEOPLE_LANES = 4;
const PERSON_TONES = [0, 1, 2, 3] as const;

/** The whole episode in small, and below it the part around the story segment that is looked at. */
export function LocateTimeline({ player, turn, page, desk }: Props) {
  const { t } = useTranslation();
  const { window } = desk.view;
  const lengthMs = turn.episode.duration_ms;
  const marked = useMarkedLane(desk, page);
  const around: LaneItem = {
    key: "window",
    startMs: window[0],
    endMs: window[1],
    faint: true,
    title: t("locate.laneShown"),
  };
  const inSmall = (marked.items ?? []).map(({ text: _, ...item }) => item);
  const overview: Lane[] = [{ id: "all", label: t("locate.laneEpisode"), height: "thin", items: [around, ...inSmall] }];
  const facts = useFactLanes(page, window, desk.view.story?.index);
  const people = usePeopleLanes(page.people, window);
  const begun: LaneMark[] =
    desk.inMs === undefined
      ? []
      : [{ key: "in", timeMs: desk.inMs, label: t("locate.begun"), tall: true, selected: true }];
  const offers: Lane = {
    id: "offers",
    label: t("locate.laneOffers"),
    height: "thin",
    items: desk.offers
      .filter((one) => one.end_ms > window[0] && one.start_ms < window[1])
      .map((one) => ({
        key: one.key,
        startMs: one.start_ms,
        endMs: one.end_ms,
        faint: true,
        selected: one.key === desk.offer?.key,
        title: t("locate.offerAt", { start: clockText(one.start_ms), end: clockText(one.end_ms) }),
        press: () => desk.showOffer(one),
      })),
  };
  return (
    <div className={classes.both}>
      <Timeline player={player} window={[0, lengthMs]} lanes={overview} label={t("locate.positionEpisode")} />
      <Timeline
        player={player}
        window={window}
        originMs={0}
        lanes={[{ ...marked, marks: begun }, offers, ...facts, ...people]}
        label={t("player.position")}
      />
    </div>
  );
}

function useMarkedLane(desk: LocatingDesk, page: Locating): Lane {
  const { t } = useTranslation();
  const { marks, selected } = desk.interactions;
  const itemOf = (mark: Mark, place: number): LaneItem => {
    const span = { number: place + 1, start: clockText(mark.startMs, true), end: clockText(mark.endMs, true) };
    return {
      key: mark.id,
      startMs: mark.startMs,
      endMs: mark.endMs,
      text: String(place + 1),
      title: t("locate.markAt", span),
      selected: mark.id === selected?.id,
      press: () => desk.jumpTo(mark),
      ...(problemsOf(mark.startMs, mark.endMs, page).length > 0 ? { warns: true } : { tone: 4 }),
    };
  };
  return { id: "marks", label: t("locate.laneMarks"), height: "normal", items: marks.map(itemOf) };
}

function useFactLanes(page: Locating, window: Window, storyNow: number | undefined): Lane[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const inside = <T extends { start_ms: number; end_ms: number }>(items: readonly T[]) =>
      items.filter((one) => one.end_ms > window[0] && one.start_ms < window[1]);
    const span = (one: { index: number; start_ms: number; end_ms: number }) => ({
      key: one.index,
      startMs: one.start_ms,
      endMs: one.end_ms,
    });
    return [
      {
        id: "stories",
        label: t("locate.laneStories"),
        height: "thin",
        items: inside(page.stories).map((one) => ({
          ...span(one),
          title: t("locate.story", { number: one.index + 1 }),
          ...(one.index === storyNow ? { tone: 5 } : {}),
        })),
      },
      {
        id: "shots",
        label: t("locate.laneShots"),
        height: "thin",
        items: inside(page.shots).map((one) => ({ ...span(one), title: t("locate.shot", { number: one.index + 1 }) })),
      },
      {
        id: "lines",
        label: t("locate.laneLines"),
        height: "normal",
        items: inside(page.lines).map((one) => ({ ...span(one), text: one.text })),
      },
    ];
  }, [page, window, storyNow, t]);
}

/** Who is seen longest in the part that is shown. */
function usePeopleLanes(people: readonly Person[], window: Window): Lane[] {
  const nameOf = usePersonName();
  const shown = useMemo(() => seenIn(people, window[0], window[1]).slice(0, PEOPLE_LANES), [people, window]);
  return Array.from({ length: PEOPLE_LANES }, (_, place): Lane => {
    const person = shown[place];
    if (!person) return { id: `nobody-${place}`, label: "", height: "normal" };
    return {
      id: `person-${person.id}`,
      height: "normal",
      label: (
        <>
          <Face person={person} isNamed />
          <span className={classes.name}>{nameOf(person)}</span>
        </>
      ),
      items: person.spans.map(([startMs = 0, endMs = 0]) => ({
        key: startMs,
        startMs,
        endMs,
        title: nameOf(person),
        tone: PERSON_TONES[place] ?? 0,
      })),
    };
  });
}
