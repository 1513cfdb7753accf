import { Button, Group, Kbd, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Discussion } from "../../api/types";
import { useDates } from "../../components/useDates";
import classes from "./Discussion.module.css";
import type { DiscussionDesk } from "./useDiscussion";

const LONGEST = 1000;

/** What annotators say to one another. What is typed is kept on this computer until it is sent. */
export function Comments({ discussion, desk }: { discussion: Discussion; desk: DiscussionDesk }) {
  const { t } = useTranslation();
  const { moment } = useDates();
  if (discussion.part === "demo") return null;
  return (
    <Paper component="section" aria-label={t("discussion.comments")} withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="xs">
        {t("discussion.comments")}
      </Title>
      {desk.comments.length === 0 && (
        <Text size="sm" c="dimmed" mb="xs">
          {t("discussion.commentsNone")}
        </Text>
      )}
      {desk.comments.map((one) => (
        <div key={one.id} className={classes.comment}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {one.author}
            </Text>
            <Text size="xs" c="dimmed">
              {one.createdAt ? moment(one.createdAt) : t("discussion.waiting")}
            </Text>
          </Group>
          <Text size="sm">{one.text}</Text>
        </div>
      ))}
      <Stack gap="xs" mt="xs">
        <Textarea
          ref={desk.field}
          aria-label={t("discussion.comment")}
          placeholder={t("discussion.comment")}
          value={desk.text}
          maxLength={LONGEST}
          rows={3}
          onChange={(event) => desk.setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) desk.say();
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <Group justify="flex-end" gap="xs">
          <Text size="xs" c="dimmed">
            <Kbd size="xs">Ctrl</Kbd> + <Kbd size="xs">Enter</Kbd>
          </Text>
          <Button size="xs" disabled={!desk.text.trim()} onClick={desk.say}>
            {t("discussion.send")}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
