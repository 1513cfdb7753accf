import { Button, Text } from "@mantine/core";
import { IconArrowMerge, IconScissors } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Storyboard } from "../../api/types";
import { Thumbnail } from "../../media/Thumbnail";
import type { Thumbnails } from "../../media/thumbnails";
import { clockText } from "../../media/timecode";
import classes from "./Board.module.css";
import type { Scene, ThreadMark } from "./stories";

interface Props {
  number: number;
  scene: Scene;
  shots: Storyboard["shots"];
  marks: ReadonlyMap<number, ThreadMark>;
  /** The place of the shot at the cursor, where it is in this scene. */
  cursor: number | undefined;
  thumbnails: Thumbnails;
  onPick: (place: number) => void;
  onToggle: (place: number) => void;
}

/** One scene: its number and length, its shots, and between two of them the place to split. */
export function SceneRow({ number, scene, shots, marks, cursor, thumbnails, onPick, onToggle }: Props) {
  const { t } = useTranslation();
  const inside = shots.slice(scene.first, scene.last + 1);
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last) return null;
  const title = t("storyboard.scene", { number: number + 1 });
  return (
    <section className={classes.scene} aria-label={title}>
      <header className={classes.sceneHead}>
        <Text size="sm" fw={650}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {t("storyboard.span", {
            start: clockText(first.start_ms),
            end: clockText(last.end_ms),
            count: inside.length,
          })}
        </Text>
        {scene.first > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            tabIndex={-1}
            leftSection={<IconArrowMerge size={13} />}
            onClick={() => onToggle(scene.first)}
          >
            {t("storyboard.joinBefore")}
          </Button>
        )}
      </header>
      <div className={classes.shots}>
        {inside.map((shot, offset) => {
          const place = scene.first + offset;
          const mark = marks.get(shot.index);
          const name = t("storyboard.shot", { number: place + 1, start: clockText(shot.start_ms, true) });
          return (
            <Fragment key={shot.index}>
              {offset > 0 && (
                <button
                  type="button"
                  tabIndex={-1}
                  className={classes.cut}
                  title={t("storyboard.splitAt", { number: place + 1 })}
                  aria-label={t("storyboard.splitAt", { number: place + 1 })}
                  onClick={() => onToggle(place)}
                >
                  <IconScissors size={13} />
                </button>
              )}
              <button
                type="button"
                id={`shot-${place}`}
                className={classes.shot}
                data-cursor={place === cursor || undefined}
                aria-current={place === cursor || undefined}
                aria-label={mark ? t("storyboard.inThread", { name, letter: mark.letter }) : name}
                onClick={() => onPick(place)}
              >
                <Thumbnail thumbnails={thumbnails} timeMs={shot.key_frame_ms} />
                <span className={classes.under}>
                  <span>{clockText(shot.start_ms, true)}</span>
                  {mark && (
                    <span className={classes.thread} data-tone={mark.tone}>
                      {mark.letter}
                    </span>
                  )}
                </span>
              </button>
            </Fragment>
          );
        })}
      </div>
    </section>
  );
}
