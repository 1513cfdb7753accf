import { useTranslation } from "react-i18next";
import type { TrainingRun } from "../../api/types";
import { en } from "../../i18n/en";

const PARTS = ["visual", "audio", "text", "personality"] as const;

type Ablation = keyof typeof en.runs.ablation;

function isAblation(name: string): name is Ablation {
  return name in en.runs.ablation;
}

export function useAblationName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (isAblation(name) ? t(`runs.ablation.${name}`) : name);
}

/** What was asked for beside the model, where it is not the usual. */
export function useRunText(): (options: TrainingRun["options"]) => string[] {
  const { t, i18n } = useTranslation();
  const ablation = useAblationName();
  const list = new Intl.ListFormat(i18n.language);
  return ({ emotions, modalities, without, seeds }) => [
    t(`runs.${emotions}`),
    ...(without.length > 0 ? [t("runs.without", { parts: list.format(without.map(ablation)) })] : []),
    ...(modalities.length < PARTS.length
      ? [t("runs.only", { parts: list.format(modalities.map((part) => t(`runs.part.${part}`))) })]
      : []),
    t("runs.seedCount", { count: seeds }),
  ];
}
