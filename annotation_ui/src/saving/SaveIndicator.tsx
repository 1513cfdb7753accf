import { Button, Group, Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconCloudOff,
  IconLoader2,
  IconLogin2,
  type IconProps,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { madeByHand } from "./changes";
import type { Phase } from "./outbox";
import { useOutbox, useOutboxState } from "./SavingProvider";

const ICONS: Readonly<Record<Phase, ComponentType<IconProps>>> = {
  saved: IconCheck,
  saving: IconLoader2,
  offline: IconCloudOff,
  signedOut: IconLogin2,
  lost: IconAlertTriangle,
  refused: IconAlertTriangle,
  unkept: IconAlertTriangle,
};

/** One calm line: is my work with the server? */
export function SaveIndicator() {
  const { t } = useTranslation();
  const outbox = useOutbox();
  const { phase, entries } = useOutboxState();
  const Icon = ICONS[phase];
  const calm = phase === "saved" || phase === "saving";
  const line = (
    <Group gap={6} wrap="nowrap" c={calm ? "dimmed" : "orange"} role="status" aria-live="polite">
      <Icon size={15} aria-hidden />
      <Text size="sm" style={{ whiteSpace: "nowrap" }}>
        {t(`saving.${phase}`, { count: madeByHand(entries).length })}
      </Text>
    </Group>
  );
  if (phase !== "refused") return line;
  return (
    <Popover width={340} withArrow>
      <Popover.Target>
        <UnstyledButton>{line}</UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {entries
            .filter((entry) => entry.refusal !== undefined)
            .map((entry) => (
              <Text key={entry.id} size="sm">
                {entry.refusal}
              </Text>
            ))}
          <Group justify="flex-end" gap="xs">
            <Button size="xs" variant="subtle" color="red" onClick={() => outbox.discardRefused()}>
              {t("saving.discard")}
            </Button>
            <Button size="xs" variant="light" onClick={() => outbox.retryRefused()}>
              {t("saving.again")}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
