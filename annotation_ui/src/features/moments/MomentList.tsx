import { ActionIcon, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "../../api/types";
import { lastItemBy } from "../../media/intervals";
import { Thumbnail } from "../../media/Thumbnail";
import type { Thumbnails } from "../../media/thumbnails";
import { clockText } from "../../media/timecode";
import classes from "../../turn/MarkList.module.css";
import own from "./MomentList.module.css";
import type { Mark } from "./moments";

interface Props {
  marks: readonly Mark[];
  lines: readonly Line[];
  selected: Mark | undefined;
  thumbnails: Thumbnails;
  onJump: (mark: Mark) => void;
  onRemove: (mark: Mark) => void;
}

export function MomentList({ marks, lines, selected, thumbnails, onJump, onRemove }: Props) {
  const { t } = useTranslation();
  const chosen = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection is what moves the list
  useEffect(() => {
    chosen.current?.scrollIntoView?.({ block: "nearest" }); // newer browsers return a promise: not for React
  }, [selected?.id]);

  if (marks.length === 0) {
    return (
      <Text className={classes.empty ?? ""} size="sm" c="dimmed">
        {t("moments.none")}
      </Text>
    );
  }
  return (
    <ol className={classes.list} aria-label={t("moments.list")}>
      {marks.map((mark) => {
        const time = clockText(mark.timeMs, true);
        const line = lastItemBy(lines, mark.timeMs);
        const isChosen = mark.id === selected?.id;
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
              aria-label={t("moments.jump", { time })}
              aria-current={isChosen}
            >
              <Thumbnail thumbnails={thumbnails} timeMs={mark.timeMs} />
              <span className={classes.words}>
                <span className={classes.time}>{time}</span>
                <span className={own.line}>{line ? line.text : t("moments.noLine")}</span>
              </span>
            </button>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t("moments.removeOne", { time })}
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
