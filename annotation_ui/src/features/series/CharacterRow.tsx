import { ActionIcon, Group, Switch, Table, TagsInput, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SeriesCharacter } from "../../api/types";
import type { CharacterWords } from "./queries";
import { References } from "./References";

interface Props {
  character: SeriesCharacter;
  isFirst: boolean;
  isLast: boolean;
  onSave: (words: CharacterWords) => void;
  onMove: (steps: 1 | -1) => void;
  onUpload: (picture: File) => void;
  onForget: (reference: number) => void;
}

/** One character; what is written is saved when the field is left. */
export function CharacterRow({ character, isFirst, isLast, onSave, onMove, onUpload, onForget }: Props) {
  const { t } = useTranslation();
  const { name, aliases, is_main, lines } = character;
  const [written, setWritten] = useState(name);
  const save = (words: Partial<CharacterWords>) => onSave({ name, aliases, is_main, ...words });
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={2} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={isFirst}
            aria-label={t("series.up", { name })}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={isLast}
            aria-label={t("series.down", { name })}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
        </Group>
      </Table.Td>
      <Table.Td>
        <TextInput
          aria-label={t("series.nameOf", { name })}
          size="sm"
          value={written}
          maxLength={100}
          onChange={(event) => setWritten(event.currentTarget.value)}
          onBlur={() => {
            if (written.trim() === "") setWritten(name);
            else if (written !== name) save({ name: written });
          }}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        />
        <Text size="xs" c="dimmed" mt={2}>
          {t("series.lines", { count: lines })}
        </Text>
      </Table.Td>
      <Table.Td>
        <TagsInput
          aria-label={t("series.aliasesOf", { name })}
          size="sm"
          value={aliases}
          acceptValueOnBlur
          maxTags={50}
          placeholder={aliases.length === 0 ? t("series.aliasHint") : ""}
          onChange={(value) => save({ aliases: value })}
        />
      </Table.Td>
      <Table.Td>
        <References character={character} onUpload={onUpload} onForget={onForget} />
      </Table.Td>
      <Table.Td>
        <Switch
          aria-label={t("series.isMain", { name })}
          checked={is_main}
          onChange={(event) => save({ is_main: event.currentTarget.checked })}
        />
      </Table.Td>
    </Table.Tr>
  );
}
