import { useTranslation } from "react-i18next";
import { en } from "../../i18n/en";

type Known = keyof typeof en.emotions;

function isKnown(name: string): name is Known {
  return name in en.emotions;
}

/** The name of an emotion in the reader's language; a label that only the server knows stays as it is. */
export function useEmotionName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (isKnown(name) ? t(`emotions.${name}`) : name);
}
