import type { ClipPerson } from "../../api/types";
import { initials } from "../states/initials";
import classes from "./Face.module.css";

/** Somebody's best picture, initials where there is none. Its name stands beside it. */
export function Face({ person, name }: { person: Pick<ClipPerson, "pictures"> | undefined; name: string }) {
  const [best] = person?.pictures ?? [];
  return <span className={classes.face}>{best ? <img src={best} alt="" /> : initials(name)}</span>;
}
