import { useTranslation } from "react-i18next";
import { en } from "../../i18n/en";

const { steps, doing, failures } = en.analysis;

function has<T extends object>(words: T, word: string): word is Extract<keyof T, string> {
  return Object.hasOwn(words, word);
}

/** Says in the user's language what workers say in English; what is not in the list stays as it is. */
export function useAnalysisWords() {
  const { t } = useTranslation();
  const stepName = (name: string) => (has(steps, name) ? t(`analysis.steps.${name}`) : name);
  const doingNow = (text: string) => (has(doing, text) ? t(`analysis.doing.${text}`) : text);
  return {
    stepName,
    doingNow,
    /** Why a step failed, in a few words; "" for a code that is not in the list. */
    failure: (code: string) => (has(failures, code) ? t(`analysis.failures.${code}`) : ""),
    /** "step: what it does", or the step alone. */
    both: (text: string) => {
      const [name = "", ...rest] = text.split(": ");
      const now = doingNow(rest.join(": "));
      return now ? `${stepName(name)}: ${now}` : stepName(name);
    },
  };
}
