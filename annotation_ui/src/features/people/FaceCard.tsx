import { IconCheck } from "@tabler/icons-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CastFace } from "../../api/types";
import { clockText } from "../../media/timecode";
import classes from "./Board.module.css";
import { isOpen, suggestionOf } from "./board";

/** What a dragged face carries: its id, under a name of our own so that nothing else can be dropped here. */
export const FACE_TYPE = "application/x-affectory-face";

interface Props {
  face: CastFace;
  nameOf: (character: number) => string;
  isSelected: boolean;
  isPicked: boolean;
  onSelect: () => void;
  onMerge: (dropped: number) => void;
}

/** One face with what is known of it. It can be dragged to a character, or onto another face. */
export function FaceCard({ face, nameOf, isSelected, isPicked, onSelect, onMerge }: Props) {
  const { t } = useTranslation();
  const card = useRef<HTMLButtonElement>(null);
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    if (isSelected) card.current?.scrollIntoView?.({ block: "nearest" });
  }, [isSelected]);
  const suggestion = suggestionOf(face);
  const percent = (similarity: number) => Math.round(similarity * 100);
  const words = suggestion
    ? suggestion.similarity === undefined
      ? t("people.bySpeech", { name: nameOf(suggestion.character) })
      : t("people.alike", { name: nameOf(suggestion.character), percent: percent(suggestion.similarity) })
    : (isOpen(face) &&
        face.alike[0] &&
        t("people.alike", { name: nameOf(face.alike[0].character), percent: percent(face.alike[0].similarity) })) ||
      "";

  function onDrop(event: DragEvent) {
    setIsOver(false);
    const dropped = Number(event.dataTransfer.getData(FACE_TYPE));
    if (!dropped || dropped === face.id) return;
    event.preventDefault();
    event.stopPropagation();
    onMerge(dropped);
  }

  return (
    <button
      ref={card}
      type="button"
      className={classes.card}
      data-selected={isSelected || undefined}
      data-picked={isPicked || undefined}
      data-suggested={suggestion ? true : undefined}
      data-over={isOver || undefined}
      aria-pressed={isPicked}
      aria-current={isSelected || undefined}
      aria-label={[t("people.person", { number: face.number }), words].filter(Boolean).join(", ")}
      draggable
      onMouseDown={(event) => event.stopPropagation()} // the page's keys keep the focus by refusing it here: no drag then
      onClick={(event) => {
        if (event.detail > 0) event.currentTarget.blur(); // a mouse: Space and Enter stay the page's
        onSelect();
      }}
      onDragStart={(event) => {
        event.dataTransfer.setData(FACE_TYPE, String(face.id));
        event.dataTransfer.effectAllowed = "move";
        onSelect();
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(FACE_TYPE)) return;
        event.preventDefault();
        event.stopPropagation();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <span className={classes.picture}>
        {face.face_url && <img src={face.face_url} alt="" draggable={false} loading="lazy" />}
        {!isOpen(face) && <IconCheck size={16} className={classes.tick} />}
      </span>
      <span className={classes.time}>
        {clockText(face.screen_time_ms)} · {t("people.times", { count: face.tracks.length })}
      </span>
      <span className={classes.words}>{words}</span>
    </button>
  );
}
