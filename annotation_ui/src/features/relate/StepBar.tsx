import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./StepBar.module.css";
import { STEPS, type Step, shownStep, type WorkStep } from "./steps";

interface Props {
  step: Step;
  locked: boolean;
  onBack: (to: WorkStep) => void;
}

/** Where one is, and the way back to what was done. */
export function StepBar({ step, locked, onBack }: Props) {
  const { t } = useTranslation();
  const here = STEPS.indexOf(shownStep(step));
  return (
    <ol className={classes.bar} aria-label={t("relate.steps")}>
      {STEPS.map((one, place) => (
        <li key={one} data-state={place < here ? "done" : place === here ? "now" : "open"}>
          <button
            type="button"
            disabled={place >= here || locked}
            aria-current={place === here ? "step" : undefined}
            title={place < here ? t("relate.stepBack", { step: t(`relate.step.${one}`) }) : undefined}
            onClick={() => onBack(one)}
          >
            <span className={classes.number}>{place < here ? <IconCheck size={13} stroke={3} /> : place + 1}</span>
            {t(`relate.step.${one}`)}
          </button>
        </li>
      ))}
    </ol>
  );
}
