import { ActionIcon, Text } from "@mantine/core";
import { IconAlertTriangle, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Locating } from "../../api/types";
import { Thumbnail } from "../../media/Thumbnail";
import type { Thumbnails } from "../../media/thumbnails";
import { clockText } from "../../media/timecode";
import classes from "../../turn/MarkList.module.css";
import { Face } from "./Face";
import own from "./InteractionList.module.css";
import { type Mark, problemsOf, seenIn } from "./interactions";
import { seconds } from "./OfferPanel";

interface Props {
  marks: readonly Mark[];
  page: Locating;
  selected: Mark | undefined;
  thumbnails: Thumbnails;
  onJump: (mark: Mark) => void;
  onRemove: (mark: Mark) => void;
}

const MOST_FACES = 4;

/** What was marked: when, how long, who is in it, and at once why its clip would be dropped. */
export function InteractionList({ marks, page, selected, thumbnails, onJump, onRemove }: Props) {
  const { t } = useTranslation();
  const chosen = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection is what moves the list
  useEffect(() => {
    chosen.current?.scrollIntoView?.({ block: "nearest" }); // newer browsers return a promise: not for React
  }, [selected?.id]);

  if (marks.length === 0) {
    return (
      <Text className={classes.empty ?? ""} size="sm" c="dimmed">
        {t("locate.none")}
      </Text>
    );
  }
  return (
    <ol className={classes.list} aria-label={t("locate.list")}>
      {marks.map((mark, place) => {
        const isChosen = mark.id === selected?.id;
        const span = { number: place + 1, start: clockText(mark.startMs, true), end: clockText(mark.endMs, true) };
        return (
          <li
            key={mark.id}
            ref={isChosen ? chosen : undefined}
            className={classes.row}
            data-selected={isChosen || undefined}
          >
            <button
              type="button"
              className={classes.jump}
              onClick={() => onJump(mark)}
              aria-label={t("locate.markAt", span)}
              aria-current={isChosen}
            >
              <Thumbnail thumbnails={thumbnails} timeMs={Math.round((mark.startMs + mark.endMs) / 2)} />
              <Words mark={mark} page={page} />
            </button>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t("locate.removeOne", span)}
              onClick={() => onRemove(mark)}
            >
              <IconTrash size={15} stroke={1.7} />
            </ActionIcon>
          </li>
        );
      })}
    </ol>
  );
}

function Words({ mark, page }: { mark: Mark; page: Locating }) {
  const { t } = useTranslation();
  const people = seenIn(page.people, mark.startMs, mark.endMs);
  const problems = problemsOf(mark.startMs, mark.endMs, page);
  return (
    <span className={classes.words}>
      <span className={classes.time}>
        {clockText(mark.startMs, true)}
        <span className={own.length}>{t("locate.seconds", { seconds: seconds(mark.endMs - mark.startMs) })}</span>
      </span>
      <span className={own.people}>
        {people.slice(0, MOST_FACES).map((person) => (
          <Face key={person.id} person={person} />
        ))}
        <span className={own.length}>{t("locate.people", { count: people.length })}</span>
      </span>
      {problems.length > 0 && (
        <span className={own.problem}>
          <IconAlertTriangle size={13} aria-hidden />
          {problems.map((problem) => t(`locate.problem.${problem}`)).join(" · ")}
        </span>
      )}
    </span>
  );
}
