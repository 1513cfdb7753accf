import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Notice } from "../components/Notice";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Notice title={t("app.notFound")}>
      <Button component={Link} to="/" variant="light">
        {t("app.home")}
      </Button>
    </Notice>
  );
}
