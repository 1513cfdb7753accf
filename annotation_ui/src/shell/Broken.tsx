import { Button, Code } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";
import { Notice } from "../components/Notice";

/** A page threw while it was drawn. Unsent answers are on disk, so reloading is safe. */
export function Broken() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Notice title={t("errors.title")} text={t("errors.crashed")}>
      <Code>{error instanceof Error ? error.message : String(error)}</Code>
      <Button onClick={() => window.location.reload()}>{t("errors.reload")}</Button>
    </Notice>
  );
}
