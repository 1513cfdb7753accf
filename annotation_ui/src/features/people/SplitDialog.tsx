import { Button, Group, Stack, Text } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CastFace } from "../../api/types";
import { KeyCaps } from "../../commands/KeyCaps";
import { Dialog } from "../../components/Dialog";
import { clockText } from "../../media/timecode";
import classes from "./Board.module.css";

interface Props {
  face: CastFace;
  onSplit: (tracks: number[]) => void;
  onClose: () => void;
}

/** All appearances of a face: those that are somebody else's are chosen, with the mouse or with arrows and Space. */
export function SplitDialog({ face, onSplit, onClose }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const grid = useRef<HTMLDivElement>(null);
  const canSplit = chosen.size > 0 && chosen.size < face.tracks.length;

  function toggle(track: number) {
    setChosen((old) => new Set(old.has(track) ? [...old].filter((one) => one !== track) : [...old, track]));
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const buttons = [...(grid.current?.querySelectorAll("button") ?? [])];
    const place = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const top = buttons[place]?.offsetTop;
    const inRow = buttons.filter((one) => one.offsetTop === top).length || 1;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -inRow, ArrowDown: inRow }[event.key];
    if (steps !== undefined) {
      event.preventDefault();
      buttons[Math.min(Math.max(place + steps, 0), buttons.length - 1)]?.focus();
    } else if (event.key === "Enter" && place >= 0) {
      event.preventDefault();
      if (canSplit) onSplit([...chosen]);
    }
  }

  return (
    <Dialog opened onClose={onClose} size="xl" title={t("people.splitTitle", { number: face.number })}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t("people.splitLead")}
        </Text>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the buttons inside */}
        <div className={classes.tracks} ref={grid} onKeyDown={onKeyDown}>
          {face.tracks.map(({ id, start_ms, end_ms, picture_url }, place) => (
            <button
              key={id}
              type="button"
              className={classes.track}
              aria-pressed={chosen.has(id)}
              aria-label={t("people.track", { number: place + 1, time: clockText(start_ms) })}
              {...(place === 0 ? { "data-autofocus": true } : {})}
              onClick={() => toggle(id)}
            >
              {picture_url ? <img src={picture_url} alt="" loading="lazy" /> : <span className={classes.blank} />}
              <span>
                {clockText(start_ms)} – {clockText(end_ms)}
              </span>
            </button>
          ))}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("people.keep")}
          </Button>
          <Button disabled={!canSplit} onClick={() => onSplit([...chosen])} rightSection={<KeyCaps keyName="enter" />}>
            {t("people.splitYes", { count: chosen.size })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
