import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";

const KNOWN = [
  "network",
  "server_error",
  "bad_credentials",
  "not_authenticated",
  "permission_denied",
  "not_found",
  "lease_lost",
] as const;

/** Words for an error: ours where the code is known, else the server's, with what it says of single fields. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t("errors.server_error");
    const known = KNOWN.find((code) => code === error.code);
    if (known) return t(`errors.${known}`);
    return [error.message, ...Object.values(error.fields).flat()].filter(Boolean).join(" ") || t("errors.title");
  };
}
