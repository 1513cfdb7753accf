import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { KeyCaps } from "../../commands/KeyCaps";
import classes from "./Board.module.css";
import type { Shelf } from "./board";
import { FACE_TYPE, FaceCard } from "./FaceCard";

interface Props {
  shelf: Shelf;
  /** The key that puts a face here. */
  keyName: string | undefined;
  selected: number | undefined;
  picked: ReadonlySet<number>;
  nameOf: (character: number) => string;
  onSelect: (face: number) => void;
  /** A face was dropped on the shelf; not for the faces of whom nobody has said anything. */
  onDrop?: (face: number) => void;
  onMerge: (into: number, dropped: number) => void;
}

export function ShelfRow({ shelf, keyName, selected, picked, nameOf, onSelect, onDrop, onMerge }: Props) {
  const { t } = useTranslation();
  const [isOver, setIsOver] = useState(false);
  const name = shelf.name ?? t(shelf.id === "open" ? "people.open" : "people.nobodyShelf");
  return (
    <section
      className={classes.shelf}
      aria-label={name}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!onDrop || !event.dataTransfer.types.includes(FACE_TYPE)) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        setIsOver(false);
        const face = Number(event.dataTransfer.getData(FACE_TYPE));
        if (!onDrop || !face) return;
        event.preventDefault();
        onDrop(face);
      }}
    >
      <div className={classes.name}>
        {keyName && <KeyCaps keyName={keyName} size="sm" />}
        <Text fw={600} size="sm" lineClamp={2}>
          {name}
        </Text>
      </div>
      <div className={classes.faces}>
        {shelf.faces.length === 0 && (
          <Text size="sm" c="dimmed" className={classes.empty ?? ""}>
            {t(shelf.id === "open" ? "people.noneOpen" : "people.noneHere")}
          </Text>
        )}
        {shelf.faces.map((face) => (
          <FaceCard
            key={face.id}
            face={face}
            nameOf={nameOf}
            isSelected={face.id === selected}
            isPicked={picked.has(face.id)}
            onSelect={() => onSelect(face.id)}
            onMerge={(dropped) => onMerge(face.id, dropped)}
          />
        ))}
      </div>
    </section>
  );
}
