import { Avatar, Button, Group, Paper, Stack, Text, TextInput, Title, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Discussion } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import { KeyCaps } from "../../commands/KeyCaps";
import { ErrorPanel } from "../../components/ErrorPanel";
import { FIVE } from "../../components/relationships";
import { useDates } from "../../components/useDates";
import { Said, usePersonName } from "./Answers";
import classes from "./Discussion.module.css";
import type { DiscussionDesk } from "./useDiscussion";
import { useRelationName } from "./useRelationName";

/** What the discussion ended with; admins record it. */
export function Consensus({ discussion, desk }: { discussion: Discussion; desk: DiscussionDesk }) {
  const { t } = useTranslation();
  const { day } = useDates();
  const relation = useRelationName();
  const [now, ...earlier] = discussion.consensuses;
  return (
    <Paper component="section" aria-label={t("discussion.consensus")} withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="xs">
        {t("discussion.consensus")}
      </Title>
      {now ? (
        <Stack gap={4}>
          <Said said={now} discussion={discussion} />
          {now.note && <Text size="sm">{now.note}</Text>}
          <Text size="xs" c="dimmed">
            {t("discussion.by", { name: now.decided_by, day: day(now.created_at) })}
          </Text>
          {earlier.map((one) => (
            <Text key={one.client_id} size="xs" c="dimmed">
              {t("discussion.earlier", { said: relation(one.relationship), name: one.decided_by })}
            </Text>
          ))}
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          {t("discussion.consensusNone")}
        </Text>
      )}
      {discussion.may_decide && <Form discussion={discussion} desk={desk} />}
    </Paper>
  );
}

function Form({ discussion, desk }: { discussion: Discussion; desk: DiscussionDesk }) {
  const { t } = useTranslation();
  const relation = useRelationName();
  const name = usePersonName(discussion);
  const keys = desk.commands.get("discussion.relationship").keys;
  return (
    <Stack gap="sm" mt="md">
      <Text size="sm" fw={550}>
        {t("discussion.pickPair")}
      </Text>
      <Group gap={4}>
        {discussion.people.map(({ identity, face_url }) => (
          <UnstyledButton
            key={identity}
            className={classes.person ?? ""}
            aria-pressed={desk.pair.includes(identity)}
            onClick={() => desk.togglePerson(identity)}
          >
            <Avatar src={face_url} alt="" size={52} />
            <Text size="xs" truncate maw={76}>
              {name(identity)}
            </Text>
          </UnstyledButton>
        ))}
      </Group>
      <Text size="sm" fw={550}>
        {t("discussion.pickRelationship")}
      </Text>
      <Group gap={6}>
        {FIVE.map((one, place) => (
          <Button
            key={one}
            size="xs"
            variant={desk.relationship === one ? "filled" : "default"}
            aria-pressed={desk.relationship === one}
            rightSection={keys[place] && <KeyCaps keyName={keys[place]} />}
            onClick={() => desk.setRelationship(one)}
          >
            {relation(one)}
          </Button>
        ))}
      </Group>
      <TextInput
        label={t("discussion.note")}
        value={desk.note}
        maxLength={1000}
        onChange={(event) => desk.setNote(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <CommandButton
          command={desk.commands.get("discussion.record")}
          label={discussion.consensuses.length > 0 ? "discussion.recordAgain" : "discussion.record"}
        />
      </Group>
      {desk.consensus.isSuccess && (
        <Text size="sm" c="teal" role="status">
          {t("discussion.done")}
        </Text>
      )}
      {desk.consensus.isError && <ErrorPanel error={desk.consensus.error} />}
    </Stack>
  );
}
