import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Dialog } from "../components/Dialog";

interface Props {
  opened: boolean;
  /** How many changes of this turn are still on this computer. */
  kept: number;
  onTakeAgain: () => void;
  busy: boolean;
}

/** The turn went back to the queue: say so plainly, and offer the way on. */
export function LeaseLostDialog({ opened, kept, onTakeAgain, busy }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={() => {}} withCloseButton={false} title={t("lease.title")} closeOnEscape={false}>
      <Stack>
        <Text size="sm">{t("lease.text")}</Text>
        {kept > 0 && <Text size="sm">{t("lease.kept", { count: kept })}</Text>}
        <Group justify="flex-end">
          <Button variant="default" component={Link} to="/">
            {t("lease.home")}
          </Button>
          <Button onClick={onTakeAgain} loading={busy} data-autofocus>
            {t("lease.again")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
