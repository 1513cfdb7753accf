import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Vocabulary } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import { KeyCaps } from "../../commands/KeyCaps";
import { ariaKey } from "../../commands/keys";
import type { Commands } from "../../commands/useCommands";
import { ErrorPanel } from "../../components/ErrorPanel";
import classes from "./AnswerPanel.module.css";
import { mayChooseEmotion } from "./draft";
import { SuggestionLine } from "./SuggestionLine";
import type { Answers } from "./useAnswers";
import { useEmotionName } from "./useEmotionName";
import { Wheel } from "./Wheel";

interface Props {
  answers: Answers;
  vocabulary: Vocabulary;
  commands: Commands;
  /** Whether this turn has suggestions: their line keeps its place then. */
  offersSuggestions: boolean;
}

/** The question about one character, in the protocol's order. Every part keeps its place, asked or not. */
export function AnswerPanel({ answers, vocabulary, commands, offersSuggestions }: Props) {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  const { answer, current } = answers;
  const name = current?.name ?? "";
  const isOne = answer.status === "one";
  const fines = vocabulary.primaries.find((one) => one.name === answer.primary)?.fine_grained;
  return (
    <div className={classes.panel}>
      <Title order={2} size="h5" lineClamp={1}>
        {t("states.question", { name })}
      </Title>
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
      <fieldset className={classes.row} disabled={!isOne}>
        <legend>{t("states.reasons")}</legend>
        {vocabulary.reasons.map((reason) => (
          <Choice
            key={reason}
            keyName={commands.get(`reason.${reason}`).keys[0] ?? ""}
            pressed={isOne && answer.reasons.includes(reason)}
            title={t(`states.reasonLead.${reason}`)}
            onClick={() => answers.toggleReason(reason)}
          >
            {t(`states.reason.${reason}`)}
          </Choice>
        ))}
      </fieldset>
      <div className={classes.emotion}>
        <Wheel
          primaries={vocabulary.primaries}
          primary={isOne ? answer.primary : ""}
          fineGrained={isOne ? answer.fineGrained : ""}
          disabled={!mayChooseEmotion(answer)}
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
                keyName={String(place + 1)}
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
          {answers.error ? <ErrorPanel error={answers.error} /> : <Guidance answers={answers} name={name} />}
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

function Guidance({ answers, name }: { answers: Answers; name: string }) {
  const { t } = useTranslation();
  const { hint, step, progress, finishing } = answers;
  let text = t(progress === "submitted" ? "states.readyDone" : "states.ready");
  if (finishing) text = t("states.finishing");
  else if (hint) text = t(`states.${hint}`);
  else if (step) text = t(`states.missing.${step}`, { name });
  return (
    <Text size="sm" c={hint ? "orange" : "dimmed"}>
      {text}
    </Text>
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
