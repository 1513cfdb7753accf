import { shownLanguage } from "../../i18n";

/** The text of a questionnaire in the reader's language. */
export function useWords(): (words: { en: string; zh: string }) => string {
  const language = shownLanguage() === "zh-hans" ? "zh" : "en";
  return (words) => words[language];
}
