import { useTranslation } from "react-i18next";

/** Seconds as people say them: nobody wants to know an estimate to the second. */
export function useTimeLeft() {
  const { t } = useTranslation();
  return (seconds: number) => {
    if (seconds < 60) return t("episodes.leftSeconds", { count: Math.max(5, Math.ceil(seconds / 5) * 5) });
    if (seconds < 3600) return t("episodes.leftMinutes", { count: Math.round(seconds / 60) });
    return t("episodes.leftHours", { hours: Math.floor(seconds / 3600), minutes: Math.round((seconds % 3600) / 60) });
  };
}
