import { ActionIcon, Popover, Text, Textarea } from "@mantine/core";
import { IconHelpCircle, IconHelpCircleFilled, IconMessage, IconMessageFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { CommandIcon } from "../../commands/CommandButton";
import { ariaKey } from "../../commands/keys";
import type { Commands } from "../../commands/useCommands";
import type { Answers } from "./useAnswers";

const LONGEST_COMMENT = 2000;
const ICON = { size: 18, stroke: 1.7 } as const;

interface Props {
  answers: Answers;
  commands: Commands;
  commenting: boolean;
  onCommenting: (commenting: boolean) => void;
}

/** Doubt and a comment: two quiet buttons beside the question, filled once they say something. */
export function Remarks({ answers, commands, commenting, onCommenting }: Props) {
  const { t } = useTranslation();
  const { unsure, comment } = answers.answer;
  const command = commands.get("states.comment");
  const hasComment = comment.trim() !== "";
  return (
    <>
      <CommandIcon
        command={commands.get("states.unsure")}
        icon={unsure ? <IconHelpCircleFilled {...ICON} /> : <IconHelpCircle {...ICON} />}
        pressed={unsure}
      />
      <Popover
        opened={commenting}
        onChange={onCommenting}
        width={340}
        position="bottom-end"
        trapFocus
        hideDetached={false}
        withArrow
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>
          <ActionIcon
            variant={hasComment ? "light" : "subtle"}
            color={hasComment ? "ink" : "gray"}
            size={32}
            aria-label={t("states.comment")}
            title={t("states.comment")}
            aria-keyshortcuts={command.keys.filter(Boolean).map(ariaKey).join(" ")}
            aria-pressed={hasComment}
            onClick={() => onCommenting(!commenting)}
          >
            {hasComment ? <IconMessageFilled {...ICON} /> : <IconMessage {...ICON} />}
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown aria-label={t("states.comment")}>
          <Textarea
            label={t("states.commentLabel", { name: answers.current?.name ?? "" })}
            value={comment}
            onChange={(event) => answers.setComment(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              onCommenting(false);
            }}
            maxLength={LONGEST_COMMENT}
            rows={3}
            data-autofocus
          />
          <Text size="xs" c="dimmed" mt={6}>
            {t("states.commentHint")}
          </Text>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
