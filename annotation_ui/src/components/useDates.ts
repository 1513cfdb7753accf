import { useTranslation } from "react-i18next";

/** Dates and numbers as the reader's language writes them. */
export function useDates() {
  const { i18n } = useTranslation();
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" });
  const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium" });
  return {
    day: (iso: string) => day.format(new Date(iso)),
    time: (iso: string) => time.format(new Date(iso)),
    moment: (iso: string) => moment.format(new Date(iso)),
    number: (value: number, digits = 0) =>
      new Intl.NumberFormat(i18n.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        value,
      ),
    bytes: (value: number) =>
      new Intl.NumberFormat(i18n.language, {
        style: "unit",
        unit: value < 1e6 ? "kilobyte" : "megabyte",
        maximumFractionDigits: value < 1e7 ? 1 : 0,
      }).format(value < 1e6 ? value / 1e3 : value / 1e6),
  };
}
