import { Anchor, Group, Modal, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
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
    <Modal opened={opened} onClose={onClose} title={t("help.title")} size="xl">
      <SimpleGrid cols={2} spacing="xl">
        {groups
          .filter(({ members }) => members.length > 0)
          .map(({ group, members }) => (
            <Stack key={group} gap={4}>
              <Title order={3} size="sm" c="dimmed">
                {t(`help.${group}`)}
              </Title>
              {members.map((command) => (
                <div key={command.id} className={classes.row}>
                  <Text size="sm">{t(command.label)}</Text>
                  <span className={classes.keys}>
                    {command.keys.map((key) => key && <KeyCaps key={key} keyName={key} size="sm" />)}
                  </span>
                </div>
              ))}
            </Stack>
          ))}
      </SimpleGrid>
      <Group justify="space-between" mt="md" wrap="nowrap" align="flex-start">
        <Text size="xs" c="dimmed">
          {t("help.note")}
        </Text>
        <Anchor component={Link} to="/keys" size="sm" style={{ whiteSpace: "nowrap" }}>
          {t("keys.change")}
        </Anchor>
      </Group>
    </Modal>
  );
}
