import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { KeyCaps } from "../../commands/KeyCaps";
import { keyCaps } from "../../commands/keys";
import classes from "./KeysPage.module.css";
import type { Listed } from "./pages";
import { type KeyChange, keyIn } from "./useKeyChange";

/** More keys than this have a line of their own. */
const MANY = 3;

/** A command with its keys, each a button that waits for another. */
export function KeyRow({ command, change }: { command: Listed; change: KeyChange }) {
  const { t } = useTranslation();
  const label = t(command.label);
  const { slot, own } = change;
  return (
    <div className={classes.row} data-many={command.keys.length > MANY || undefined}>
      <Text size="sm" className={classes.label ?? ""}>
        {label}
      </Text>
      <span className={classes.slots}>
        {command.keys.map((came, place) => {
          const key = keyIn(own, { id: command.id, place });
          const isWaiting = slot?.id === command.id && slot.place === place;
          const shown = key ? keyCaps(key).join(" + ") : t("keys.none");
          const words = { label, place: place + 1, key: shown };
          return (
            <button
              key={came}
              type="button"
              className={classes.slot}
              data-waiting={isWaiting || undefined}
              aria-label={t(command.keys.length > 1 ? "keys.slotOf" : "keys.slot", words)}
              aria-pressed={isWaiting}
              onClick={() => change.change({ id: command.id, place })}
            >
              {isWaiting ? t("keys.press") : key ? <KeyCaps keyName={key} size="sm" /> : t("keys.none")}
            </button>
          );
        })}
      </span>
      <span className={classes.reset}>
        {own[command.id] && (
          <Tooltip label={t("keys.reset")} withArrow>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("keys.resetOf", { label })}
              onClick={() => change.reset(command.id)}
            >
              <IconArrowBackUp size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
    </div>
  );
}
