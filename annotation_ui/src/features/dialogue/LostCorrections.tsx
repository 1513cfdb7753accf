import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DialogueLine } from "../../api/types";
import { clockText } from "../../media/timecode";

interface Props {
  lost: readonly DialogueLine[];
  onKeep: (line: DialogueLine) => void;
  onDrop: (line: DialogueLine) => void;
}

/** Corrections whose line the newest analysis does not have: a person decides whether they still count. */
export function LostCorrections({ lost, onKeep, onDrop }: Props) {
  const { t } = useTranslation();
  if (lost.length === 0) return null;
  return (
    <Alert color="orange" title={t("dialogue.lostTitle", { count: lost.length })} role="status" py="xs">
      {lost.map((line) => (
        <Group key={line.key} gap="xs" wrap="nowrap" mt={4}>
          <Text size="sm" style={{ flex: 1 }} lineClamp={1}>
            {clockText(line.start_ms, true)} <b>{line.speaker || "?"}</b> {line.text}
          </Text>
          <Button size="compact-xs" variant="light" onClick={() => onKeep(line)}>
            {t("dialogue.lostKeep")}
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onDrop(line)}>
            {t("dialogue.lostDrop")}
          </Button>
        </Group>
      ))}
    </Alert>
  );
}
