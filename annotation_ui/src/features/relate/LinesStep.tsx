import { Group, Text } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowMerge,
  IconPlayerPlay,
  IconPlus,
  IconScissors,
  IconTrash,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Relating } from "../../api/types";
import { CommandIcon } from "../../commands/CommandButton";
import { keyCaps } from "../../commands/keys";
import type { Commands } from "../../commands/useCommands";
import type { Player } from "../../media/player";
import type { Thumbnails } from "../../media/thumbnails";
import { LineList } from "./LineList";
import type { LinesDesk } from "./useLines";
import type { RelatingDesk } from "./useRelating";

interface Props {
  player: Player;
  thumbnails: Thumbnails;
  turn: Relating;
  desk: RelatingDesk;
  lines: LinesDesk;
  commands: Commands;
}

const ICON = { size: 18, stroke: 1.7 } as const;

/** Step 1: the lines beside the video. */
export function LinesStep({ player, thumbnails, turn, desk, lines, commands }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Group gap={4} wrap="nowrap">
        <Text size="sm" c="dimmed" flex={1} lineClamp={2}>
          {t("relate.linesLead")}
        </Text>
        <CommandIcon command={commands.get("line.play")} icon={<IconPlayerPlay {...ICON} />} />
        <CommandIcon command={commands.get("line.split")} icon={<IconScissors {...ICON} />} />
        <CommandIcon command={commands.get("line.join")} icon={<IconArrowMerge {...ICON} />} />
        <CommandIcon command={commands.get("line.add")} icon={<IconPlus {...ICON} />} />
        <CommandIcon command={commands.get("line.remove")} icon={<IconTrash {...ICON} />} />
        <CommandIcon command={commands.get("line.undo")} icon={<IconArrowBackUp {...ICON} />} />
        <CommandIcon command={commands.get("line.redo")} icon={<IconArrowForwardUp {...ICON} />} />
      </Group>
      <LineList
        player={player}
        thumbnails={thumbnails}
        media={turn.episode}
        originMs={turn.clip.start_ms}
        lines={desk.lines}
        selected={lines.selected}
        typed={desk.draft.typed}
        locked={desk.finishing}
        onSelect={lines.select}
        onType={lines.type}
        onSettle={lines.settle}
        onSplit={lines.splitAt}
      />
      <Text size="xs" c="dimmed">
        {desk.lines.length === 0
          ? t("relate.noLines", { key: keyCaps(commands.get("line.add").keys[0] ?? "").join(" + ") })
          : t("relate.fieldHint")}
      </Text>
    </>
  );
}
