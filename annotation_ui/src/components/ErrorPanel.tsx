import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "./errorText";

/** Says what went wrong in the reader's language, and offers to try again. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertCircle size={18} />}
      title={t("errors.title")}
      role="alert"
      maw={560}
    >
      <Group justify="space-between" align="flex-end">
        <Text size="sm" style={{ flex: 1 }}>
          {text(error)}
        </Text>
        {onRetry && (
          <Button size="xs" variant="light" color="red" onClick={onRetry}>
            {t("app.retry")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
