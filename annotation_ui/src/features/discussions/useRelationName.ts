import { useTranslation } from "react-i18next";
import { FIVE } from "../../components/relationships";

const NAMED = [...FIVE, "negative", "positive"] as const;

/** The name of a relationship or of its three-way group; "" is a clip that was discarded. */
export function useRelationName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => {
    const known = NAMED.find((one) => one === name);
    return known ? t(`relationships.${known}`) : t("discussion.discarded");
  };
}
