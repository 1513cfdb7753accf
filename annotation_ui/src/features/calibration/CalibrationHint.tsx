import { Button } from "@mantine/core";
import { IconStopwatch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** For somebody whose moments the project would correct, if it knew by how much. */
export function CalibrationHint() {
  const { t } = useTranslation();
  return (
    <Button
      component={Link}
      to="/calibration"
      variant="light"
      color="orange"
      size="compact-sm"
      leftSection={<IconStopwatch size={16} />}
    >
      {t("calibration.hint")}
    </Button>
  );
}
