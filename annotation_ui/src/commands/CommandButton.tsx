import { ActionIcon, Button, type ButtonProps, Group, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TextKey } from "../i18n";
import type { BoundCommand } from "./commands";
import { KeyCaps } from "./KeyCaps";
import { ariaKey } from "./keys";

function shortcuts(command: BoundCommand): string {
  return command.keys.filter(Boolean).map(ariaKey).join(" ");
}

function Hint({ command, label }: { command: BoundCommand; label: string }) {
  return (
    <Group gap={8} wrap="nowrap">
      <span>{label}</span>
      {command.keys[0] && <KeyCaps keyName={command.keys[0]} />}
    </Group>
  );
}

/** A small button with a picture; its name and key stand in the tooltip. */
export function CommandIcon({ command, icon, pressed }: { command: BoundCommand; icon: ReactNode; pressed?: boolean }) {
  const { t } = useTranslation();
  const label = t(command.label);
  return (
    <Tooltip label={<Hint command={command} label={label} />} openDelay={400} withArrow>
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        color={pressed ? "ink" : "gray"}
        size={32}
        aria-label={label}
        aria-keyshortcuts={shortcuts(command)}
        {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
        disabled={command.disabled}
        onClick={command.run}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** A button in words, with its key beside them. */
export function CommandButton({ command, label, ...look }: { command: BoundCommand; label?: TextKey } & ButtonProps) {
  const { t } = useTranslation();
  return (
    <Button
      {...look}
      aria-keyshortcuts={shortcuts(command)}
      disabled={command.disabled}
      onClick={command.run}
      rightSection={command.keys[0] && <KeyCaps keyName={command.keys[0]} />}
    >
      {t(label ?? command.label)}
    </Button>
  );
}
