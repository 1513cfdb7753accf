import { Alert, Button } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RemarkRequest } from "../../api/types";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { ErrorPanel } from "../../components/ErrorPanel";
import { GuidelineDrawer } from "../../components/GuidelineDrawer";
import { usePlayerPreferences } from "../../media/preferences";
import { useThumbnails } from "../../media/thumbnails";
import { frameLengthMs } from "../../media/timecode";
import { usePlayer } from "../../media/usePlayer";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { LeaseLostDialog } from "../../turn/LeaseLostDialog";
import { useLease } from "../../turn/useLease";
import { ClipView } from "./ClipView";
import { relateCommands } from "./commands";
import { DiscardDialog } from "./DiscardDialog";
import { LinesStep } from "./LinesStep";
import { PairStep } from "./PairStep";
import type { Loaded } from "./queries";
import classes from "./RelateDesk.module.css";
import { RelatedDrawer } from "./RelatedDrawer";
import { RelationshipStep } from "./RelationshipStep";
import { RemarkDialog } from "./RemarkDialog";
import { StepBar } from "./StepBar";
import { StepFoot } from "./StepFoot";
import { shownStep } from "./steps";
import { useLines } from "./useLines";
import { useRelating } from "./useRelating";
import { useSteps } from "./useSteps";

interface Props {
  loaded: Loaded;
  onFinished: () => void;
  onTakeAgain: () => void;
  /** Open an earlier turn, or the current one again. */
  onOpen: (turn?: number) => void;
  taking: boolean;
}

type Opened = "help" | "guideline" | "history" | "discard" | RemarkRequest["kind"];

/** A clip and its three steps: left what is seen and heard, right what is said of it. */
export function RelateDesk({ loaded, onFinished, onTakeAgain, onOpen, taking }: Props) {
  const { t } = useTranslation();
  const { turn } = loaded;
  const { clip, episode } = turn;
  const player = usePlayer();
  const thumbnails = useThumbnails(player, episode.video_url);
  const outbox = useOutbox();
  const { lost } = useOutboxState();
  const frameMs = useMemo(() => frameLengthMs(episode.frame_rate), [episode.frame_rate]);
  const desk = useRelating(loaded, onFinished);
  const lines = useLines(desk, turn, player, frameMs);
  const steps = useSteps(desk, lines, turn);
  const leaseLost = useLease(turn.id, turn.status !== "done");
  const { showLines, toggleLines } = usePlayerPreferences(player);
  const [open, setOpen] = useState<Opened>();
  const commentRef = useRef<HTMLTextAreaElement>(null);
  const { step } = desk.now;
  const shown = shownStep(step);
  const close = () => setOpen(undefined);
  useEffect(() => outbox.adopt(`clip:${clip.id}`, turn.id), [outbox, clip.id, turn.id]);
  useEffect(() => player.loop([clip.start_ms, clip.end_ms]), [player, clip.start_ms, clip.end_ms]);

  const commands = useCommands(relateCommands, {
    ...lines.actions,
    player,
    frameMs,
    step: desk.finishing ? "discarded" : step,
    mayGoOn: !desk.finishing,
    goOn: steps.goOn,
    mayGoBack: !desk.finishing && shown !== "lines" && step !== "discarded",
    goBack: steps.goBack,
    digit: steps.digit,
    toggleDiscard: () => {
      if (desk.finishing) return;
      if (step === "discarded") steps.undiscard();
      else setOpen("discard");
    },
    remark: setOpen,
    toggleUnsure: () => desk.write({ unsure: !desk.draft.unsure }),
    openComment: () => commentRef.current?.focus(),
    toggleLines,
    openHistory: () => setOpen("history"),
    openHelp: () => setOpen("help"),
    openGuideline: () => {
      player.pause(); // an example plays with sound
      setOpen("guideline");
    },
  });

  return (
    <div className={classes.desk}>
      <ClipView
        player={player}
        turn={turn}
        lines={desk.lines}
        commands={commands}
        showLines={showLines}
        onLeave={() => onOpen()}
      />
      <section className={classes.right} aria-label={t("relate.steps")}>
        <StepBar step={step} locked={desk.finishing || step === "discarded"} onBack={steps.goBackTo} />
        <div className={classes.step}>
          {step === "discarded" ? (
            <Alert color="red" title={t("relate.discarded", { reason: reasonOf() })}>
              {desk.draft.discard.words}
              <Button mt="sm" size="compact-sm" variant="default" disabled={desk.finishing} onClick={steps.undiscard}>
                {t("relate.undiscard")}
              </Button>
            </Alert>
          ) : shown === "lines" ? (
            <LinesStep
              player={player}
              thumbnails={thumbnails}
              turn={turn}
              desk={desk}
              lines={lines}
              commands={commands}
            />
          ) : shown === "pair" ? (
            <PairStep turn={turn} desk={desk} commands={commands} onChoose={steps.choosePerson} />
          ) : (
            <RelationshipStep
              turn={turn}
              desk={desk}
              commands={commands}
              commentRef={commentRef}
              onChoose={steps.chooseRelationship}
            />
          )}
        </div>
        {desk.error && <ErrorPanel error={desk.error} />}
        <StepFoot commands={commands} shown={shown} hint={steps.hint} finishing={desk.finishing} />
      </section>
      <HelpDialog commands={commands.all} opened={open === "help"} onClose={close} />
      <DiscardDialog
        opened={open === "discard"}
        draft={desk.draft.discard}
        onWrite={(discard) => desk.write({ discard })}
        onDiscard={(reason, words) => {
          close();
          steps.discard(reason, words);
        }}
        onClose={close}
      />
      <RemarkDialog
        kind={open === "wrong_person" || open === "missing_person" ? open : undefined}
        people={turn.people}
        comment={desk.draft.remark}
        onWrite={(remark) => desk.write({ remark })}
        onRemark={(remark) => {
          close();
          desk.remark(remark);
          desk.write({ remark: "" });
        }}
        onClose={close}
      />
      <GuidelineDrawer
        opened={open === "guideline"}
        project={turn.project.id}
        title={turn.project.name}
        text={turn.project.guideline}
        label={desk.draft.relationship}
        onClose={close}
      />
      <RelatedDrawer
        project={turn.project.id}
        opened={open === "history"}
        onClose={close}
        onOpen={(earlier) => {
          close();
          onOpen(earlier);
        }}
      />
      <LeaseLostDialog
        opened={leaseLost || lost.has(turn.id)}
        kept={desk.unsent.length}
        onTakeAgain={onTakeAgain}
        busy={taking}
      />
    </div>
  );

  function reasonOf(): string {
    const { reason } = desk.draft.discard;
    return reason ? t(`relate.reason.${reason}`) : "";
  }
}
