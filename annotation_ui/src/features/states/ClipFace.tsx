import { useEffect, useRef } from "react";
import type { EpisodeMedia, Person } from "../../api/types";
import type { Thumbnails } from "../../media/thumbnails";
import classes from "./ClipFace.module.css";
import { faceSquare } from "./faceSquare";
import { initials } from "./initials";

interface Props {
  person: Person;
  media: EpisodeMedia;
  thumbnails: Thumbnails;
}

/** Twice the size on the page. */
const PIXELS = 92;

/**
 * Somebody's face as it is in this clip, cut out of the video as soon as it can be; until then, and where the face is not
 * seen in it, the picture of the episode, else initials.
 */
export function ClipFace({ person, media, thumbnails }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { look } = person;
  const { width, height } = media;
  useEffect(() => {
    if (!look || !canvas.current) return;
    return thumbnails.want(canvas.current, look.time_ms, faceSquare(look, width, height));
  }, [thumbnails, look, width, height]);
  return (
    <span className={classes.face} aria-hidden>
      {person.face_url ? <img src={person.face_url} alt="" /> : initials(person.name)}
      {look && <canvas ref={canvas} width={PIXELS} height={PIXELS} />}
    </span>
  );
}
