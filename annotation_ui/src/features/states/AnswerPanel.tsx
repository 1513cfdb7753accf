import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Evidence, Reason, Vocabulary } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import type { BoundCommand } from "../../commands/commands";
import { KeyCaps } from "../../commands/KeyCaps";
import { ariaKey, keyCaps } from "../../commands/keys";
import type { Commands } from "../../commands/useCommands";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useEmotionName } from "../../components/useEmotionName";
import classes from "./AnswerPanel.module.css";
import type { Place } from "./answer";
import { mayChooseEmotion } from "./draft";
import { Remarks } from "./Remarks";
import { SuggestionLine } from "./SuggestionLine";
import type { Answers } from "./useAnswers";
import type { Pointing } from "./usePointing";
import { Wheel } from "./Wheel";

interface Props {
  answers: Answers;
  vocabulary: Vocabulary;
  commands: Commands;
  /** Whether this turn has suggestions: their line keeps its place then. */
  offersSuggestions: boolean;
  pointing: Pointing;
  commenting: boolean;
  onCommenting: (commenting: boolean) => void;
}

/** The question about one character, in the protocol's order. Every part keeps its place, asked or not. */
export function AnswerPanel(props: Props) {
  const { answers, vocabulary, commands, offersSuggestions, pointing, commenting, onCommenting } = props;
  const { t } = useTranslation();
  const emotion = useEmotionName();
  const { answer, current } = answers;
  const name = current?.name ?? "";
  const isOne = answer.status === "one";
  const digits = commands.get("states.digit").keys;
  const fines = vocabulary.primaries.find((one) => one.name === answer.primary)?.fine_grained;
  return (
    <div className={classes.panel}>
      <header className={classes.question}>
        <Title order={2} size="h5" lineClamp={1}>
          {t("states.question", { name })}
        </Title>
        <Remarks answers={answers} commands={commands} commenting={commenting} onCommenting={onCommenting} />
      </header>
      <fieldset className={classes.row} aria-label={t("states.status", { name })}>
        {vocabulary.statuses.map((status) => (
          <Choice
            key={status}
            keyName={commands.get(`status.${status}`).keys[0] ?? ""}
            pressed={answer.status === status}
            onClick={() => answers.setStatus(status)}
          >
            {t(`states.key.${status}`)}
          </Choice>
        ))}
      </fieldset>
      <fieldset className={classes.row} disabled={!isOne} aria-label={t("states.reasons")}>
        <div className={classes.legend}>
          <span>{t("states.reasons")}</span>
          <span className={classes.pointing}>
            {t("states.pointAt")}
            {POINTED.map((kind) => (
              <PointButton key={kind} command={commands.get(`point.${kind}`)} disabled={!answers.mayPoint}>
                {t(`states.pointShort.${kind}`)}
              </PointButton>
            ))}
          </span>
        </div>
        {vocabulary.reasons.map((reason) => (
          <Choice
            key={reason}
            keyName={commands.get(`reason.${reason}`).keys[0] ?? ""}
            pressed={isOne && answer.reasons.includes(reason)}
            title={t(`states.reasonLead.${reason}`)}
            onClick={() => answers.toggleReason(reason)}
          >
            {t(`states.reason.${reason}`)}
            <EvidenceCount evidence={isOne ? answer.evidence : []} reason={reason} />
          </Choice>
        ))}
      </fieldset>
      <div className={classes.emotion}>
        <Wheel
          primaries={vocabulary.primaries}
          primary={isOne ? answer.primary : ""}
          fineGrained={isOne ? answer.fineGrained : ""}
          disabled={!mayChooseEmotion(answer)}
          keys={digits}
          onPrimary={answers.setPrimary}
          onFine={answers.setFine}
        />
        <fieldset
          className={classes.fines}
          aria-label={t("states.fine")}
          disabled={!mayChooseEmotion(answer) || !fines}
        >
          <legend>{t("states.fine")}</legend>
          {[0, 1, 2].map((place) => {
            const fine = isOne ? fines?.[place] : undefined;
            return (
              <Choice
                key={place}
                keyName={digits[place] ?? ""}
                pressed={fine !== undefined && answer.fineGrained === fine}
                onClick={() => {
                  if (fine && answer.primary) answers.setFine(answer.primary, fine);
                }}
              >
                {fine ? emotion(fine) : "–"}
              </Choice>
            );
          })}
        </fieldset>
      </div>
      {offersSuggestions && (
        <SuggestionLine suggestions={answers.suggestions} command={commands.get("states.suggest")} />
      )}
      <footer className={classes.foot}>
        <div className={classes.news} role="status">
          {answers.error ? (
            <ErrorPanel error={answers.error} />
          ) : (
            <Guidance answers={answers} pointing={pointing} commands={commands} name={name} />
          )}
        </div>
        <CommandButton
          command={{
            ...commands.get("states.submit"),
            disabled: answers.step !== null || answers.finishing,
          }}
          label={
            answers.isLast
              ? answers.progress === "submitted"
                ? "states.finish"
                : "states.submitLast"
              : "states.submit"
          }
        />
      </footer>
    </div>
  );
}

interface GuidanceProps {
  answers: Answers;
  pointing: Pointing;
  commands: Commands;
  name: string;
}

function Guidance({ answers, pointing, commands, name }: GuidanceProps) {
  const { t } = useTranslation();
  const { step, progress, finishing } = answers;
  const hint = answers.hint ?? pointing.hint;
  const key = keyCaps(commands.get("point.span").keys[0] ?? "").join(" + ");
  let text = t(progress === "submitted" ? "states.readyDone" : "states.ready");
  if (finishing) text = t("states.finishing");
  else if (hint) text = t(`states.${hint}`, { name, key });
  else if (step) text = t(`states.missing.${step}`, { name });
  return (
    <Text size="sm" c={hint ? "orange" : "dimmed"}>
      {text}
    </Text>
  );
}

const POINTED: readonly Place["kind"][] = ["line", "track", "span"];

function PointButton({
  command,
  disabled,
  children,
}: {
  command: BoundCommand;
  disabled: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={classes.point}
      disabled={disabled}
      title={t(command.label)}
      aria-label={t(command.label)}
      aria-keyshortcuts={command.keys.filter(Boolean).map(ariaKey).join(" ")}
      onClick={command.run}
    >
      {children}
      {command.keys[0] && <KeyCaps keyName={command.keys[0]} />}
    </button>
  );
}

function EvidenceCount({ evidence, reason }: { evidence: readonly Evidence[]; reason: Reason }) {
  const { t } = useTranslation();
  const count = evidence.filter((one) => one.reason === reason).length;
  if (count === 0) return null;
  return (
    <span className={classes.count} title={t("states.evidenceCount", { count })}>
      {count}
      <span className={classes.hidden}>{t("states.evidenceCount", { count })}</span>
    </span>
  );
}

interface ChoiceProps {
  keyName: string;
  pressed: boolean;
  title?: string;
  onClick: () => void;
  children: ReactNode;
}

function Choice({ keyName, pressed, title, onClick, children }: ChoiceProps) {
  return (
    <button
      type="button"
      className={classes.choice}
      aria-pressed={pressed}
      aria-keyshortcuts={ariaKey(keyName)}
      title={title}
      onClick={onClick}
    >
      <KeyCaps keyName={keyName} />
      <span>{children}</span>
    </button>
  );
}
