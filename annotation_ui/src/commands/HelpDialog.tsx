import { Anchor, Group, Text, Title } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Dialog } from "../components/Dialog";
import type { BoundCommand, CommandGroup } from "./commands";
import classes from "./HelpDialog.module.css";
import { KeyCaps } from "./KeyCaps";

const GROUPS: readonly CommandGroup[] = ["mark", "answer", "remark", "play", "page"];

interface Props {
  commands: readonly BoundCommand[];
  opened: boolean;
  onClose: () => void;
}

/** Every key of the page, from the same table that the keys come from. */
export function HelpDialog({ commands, opened, onClose }: Props) {
  const { t } = useTranslation();
  const groups = GROUPS.map((group) => ({ group, members: commands.filter((one) => one.group === group) }));
  return (
    <Dialog opened={opened} onClose={onClose} title={t("help.title")} size="min(1120px, 94vw)" yOffset="4dvh">
      <div className={classes.columns}>
        {groups
          .filter(({ members }) => members.length > 0)
          .map(({ group, members }) => (
            <section key={group} className={classes.group}>
              <Title order={3} size="sm" c="dimmed">
                {t(`help.${group}`)}
              </Title>
              {members.map((command) => (
                <div key={command.id} className={classes.row}>
                  <Text size="sm">{t(command.label)}</Text>
                  <Keys keys={command.keys.filter(Boolean)} />
                </div>
              ))}
            </section>
          ))}
      </div>
      <Group justify="space-between" mt="md" wrap="nowrap" align="flex-start">
        <Text size="xs" c="dimmed">
          {t("help.note")}
        </Text>
        <Anchor component={Link} to="/keys" size="sm" style={{ whiteSpace: "nowrap" }}>
          {t("keys.change")}
        </Anchor>
      </Group>
    </Dialog>
  );
}

/** More are shown as the first to the last. */
const MANY = 3;

function Keys({ keys }: { keys: readonly string[] }) {
  const shown = keys.length > MANY ? [keys[0] ?? "", keys.at(-1) ?? ""] : keys;
  return (
    <span className={classes.keys}>
      {shown.map((key, place) => (
        <Fragment key={key}>
          {place > 0 && shown.length < keys.length && "–"}
          <KeyCaps keyName={key} size="sm" />
        </Fragment>
      ))}
    </span>
  );
}
