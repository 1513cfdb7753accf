import { useTranslation } from "react-i18next";
import { useEmotionName } from "../../components/useEmotionName";

/** The name of a class of a release: an emotion, or neutral. */
export function useClassName(): (name: string) => string {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  return (name) => (name === "neutral" ? t("emotionSet.neutral") : emotion(name));
}
