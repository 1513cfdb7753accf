import i18next, { type ParseKeys } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../api/types";
import { en } from "./en";
import { zh } from "./zh";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

/** A key of the word list: a text that does not exist does not compile. */
export type TextKey = ParseKeys;

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", "zh-hans": "简体中文" };

const STORED = "affectory:language";
const TAGS: Readonly<Record<Language, string>> = { en: "en", "zh-hans": "zh-Hans" };

/** Before anybody logged in: the last choice on this computer, else what the browser asks for. */
export function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "en" || stored === "zh-hans") return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-hans" : "en";
}

export function showLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
  document.documentElement.lang = TAGS[language];
  if (i18next.language !== TAGS[language]) void i18next.changeLanguage(TAGS[language]);
}

export function shownLanguage(): Language {
  return i18next.language === TAGS["zh-hans"] ? "zh-hans" : "en";
}

void i18next.use(initReactI18next).init({
  lng: TAGS[firstLanguage()],
  fallbackLng: "en",
  resources: { en: { translation: en }, "zh-Hans": { translation: zh } },
  interpolation: { escapeValue: false }, // React escapes
  initAsync: false,
});
document.documentElement.lang = i18next.language;
