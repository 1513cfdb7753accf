import { useTranslation } from "react-i18next";
import type { ClipPerson } from "../../api/types";

/** What people are called: their characters' names, else by their place among those seen longest. */
export function useNameOf(people: readonly ClipPerson[]): (identity: number) => string {
  const { t } = useTranslation();
  return (identity) => {
    const place = people.findIndex((one) => one.identity === identity);
    return people[place]?.name || t("relate.unnamed", { place: place + 1 });
  };
}
