import { useTranslation } from "react-i18next";
import { en } from "../i18n/en";

type Known = keyof typeof en.emotions;

function isKnown(name: string): name is Known {
  return name in en.emotions;
}

/** The name of an emotion in the reader's language; a label that only the server knows stays as it is. */
export function useEmotionName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (isKnown(name) ? t(`emotions.${name}`) : name);
}

function isRelationship(name: string): name is keyof typeof en.relationships {
  return name in en.relationships;
}

const STATUSES = ["absent", "no_emotion", "several", "one"] as const;

/** The name of what an answer is found by: a fine-grained emotion, a status where there is none, a relationship. */
export function useLabelName(): (label: string) => string {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  return (label) => {
    if (isRelationship(label)) return t(`relationships.${label}`);
    const status = STATUSES.find((one) => one === label);
    return status ? t(`states.key.${status}`) : emotion(label);
  };
}
