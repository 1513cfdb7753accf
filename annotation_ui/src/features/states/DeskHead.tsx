import { Badge, Button, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail, Clip } from "../../api/types";
import { clockText } from "../../media/timecode";
import { DayProgress } from "./DayProgress";
import classes from "./StatesDesk.module.css";

interface Props {
  turn: AssignmentDetail;
  clip: Clip;
  /** Back from an earlier clip to the current one. */
  onLeave: () => void;
  children: ReactNode;
}

/** Which clip this is; for an earlier one the way back, else how the day goes. */
export function DeskHead({ turn, clip, onLeave, children }: Props) {
  const { t } = useTranslation();
  const isEarlier = turn.status === "done";
  return (
    <header className={classes.head}>
      <Title order={1} size="h5" lineClamp={1}>
        {turn.episode.series} · {turn.episode.title}
      </Title>
      <Badge variant="light" color="gray" tt="none">
        {t("states.clip", { start: clockText(clip.start_ms), end: clockText(clip.end_ms) })}
      </Badge>
      <span className={classes.space} />
      {isEarlier ? (
        <>
          <Badge color="orange" variant="light" tt="none">
            {t("states.correcting")}
          </Badge>
          <Button size="compact-sm" variant="default" onClick={onLeave}>
            {t("states.leave")}
          </Button>
        </>
      ) : (
        <DayProgress project={turn.project.id} />
      )}
      {children}
    </header>
  );
}
