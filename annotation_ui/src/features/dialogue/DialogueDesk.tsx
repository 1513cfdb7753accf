import { Alert, Anchor, Badge, Button, Group, Text, Title } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconKeyboard,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlus,
  IconRefresh,
  IconZoomIn,
  IconZoomOut,
} from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Dialogue, EpisodeMedia } from "../../api/types";
import { CommandIcon } from "../../commands/CommandButton";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { PlayerBar } from "../../media/PlayerBar";
import { usePlayerPreferences } from "../../media/preferences";
import { speakerTones } from "../../media/speakers";
import { frameLengthMs } from "../../media/timecode";
import { usePlayer, usePlayerState } from "../../media/usePlayer";
import { VideoStage } from "../../media/VideoStage";
import { dialogueCommands } from "./commands";
import classes from "./DialogueDesk.module.css";
import { nameOf } from "./guess";
import { LineEditor } from "./LineEditor";
import { LineList } from "./LineList";
import { LostCorrections } from "./LostCorrections";
import { doubts } from "./lines";
import { useDesk } from "./useDesk";
import { WaveStrip } from "./WaveStrip";

interface Props {
  loaded: { dialogue: Dialogue; since: number };
  media: EpisodeMedia;
}

const ICON = { size: 18, stroke: 1.7 } as const;

export function DialogueDesk({ loaded, media }: Props) {
  const { t } = useTranslation();
  const { dialogue } = loaded;
  const player = usePlayer();
  const { playing } = usePlayerState(player);
  const { showLines, toggleLines } = usePlayerPreferences(player);
  const [helping, setHelping] = useState(false);
  const desk = useDesk(loaded, media, player);
  const { lines, line, said, people, follow } = desk;
  const commands = useCommands(dialogueCommands, {
    ...desk.actions,
    player,
    frameMs: frameLengthMs(media.frame_rate),
    toggle: () => player.toggle(),
    toggleLines,
    openHelp: () => setHelping(true),
    openGuideline: () => {},
  });
  const toneOf = useMemo(() => {
    const mains = people.filter(({ is_main }) => is_main).map(({ name }) => name);
    const tones = speakerTones(
      dialogue.lines.map((one) => nameOf(one, people)),
      mains,
    );
    return (speaker: string) => tones.get(nameOf({ speaker }, people));
  }, [dialogue.lines, people]);
  const doubtful = lines.filter((one) => doubts(one).length > 0).length;
  const spoken = useMemo(() => lines.filter((one) => !one.removed), [lines]);

  return (
    <div className={classes.desk}>
      <header className={classes.head}>
        <Title order={1} size="h5" lineClamp={1}>
          <Anchor component={Link} to={`/episodes/${dialogue.episode}`} inherit c="inherit">
            {dialogue.series_name} · {dialogue.title}
          </Anchor>
        </Title>
        <Badge variant="light" color={doubtful > 0 ? "orange" : "teal"} tt="none">
          {t("dialogue.doubtful", { count: doubtful })}
        </Badge>
        <span className={classes.space} />
        {desk.actions.pending && (
          <Group gap="xs" wrap="nowrap">
            <Text size="xs" c="dimmed" visibleFrom="md">
              {t(follow.isSuccess ? "dialogue.following" : "dialogue.pending")}
            </Text>
            <Button
              size="compact-xs"
              variant="light"
              loading={follow.isPending}
              leftSection={<IconRefresh size={14} />}
              onClick={commands.get("dialogue.followNow").run}
            >
              {t("dialogue.followNow")}
            </Button>
          </Group>
        )}
        <CommandIcon command={commands.get("dialogue.add")} icon={<IconPlus {...ICON} />} />
        <CommandIcon command={commands.get("dialogue.undo")} icon={<IconArrowBackUp {...ICON} />} />
        <CommandIcon command={commands.get("dialogue.redo")} icon={<IconArrowForwardUp {...ICON} />} />
        <CommandIcon command={commands.get("dialogue.zoomOut")} icon={<IconZoomOut {...ICON} />} />
        <CommandIcon command={commands.get("dialogue.zoomIn")} icon={<IconZoomIn {...ICON} />} />
        <CommandIcon command={commands.get("page.help")} icon={<IconKeyboard {...ICON} />} />
      </header>
      {follow.isError && <Alert color="red">{t("errors.title")}</Alert>}
      <LostCorrections lost={desk.lost} onKeep={desk.keepLost} onDrop={desk.dropLost} />
      <div className={classes.top}>
        <div className={classes.video}>
          <VideoStage
            player={player}
            media={media}
            lines={spoken}
            showLines={showLines}
            onClick={commands.get("dialogue.play").run}
          />
          <PlayerBar player={player} commands={commands} lengthMs={media.duration_ms} showLines={showLines}>
            <CommandIcon
              command={commands.get("dialogue.play")}
              icon={playing ? <IconPlayerPauseFilled {...ICON} /> : <IconPlayerPlayFilled {...ICON} />}
            />
          </PlayerBar>
        </div>
        <div className={classes.side}>
          <LineEditor
            line={line}
            said={said}
            people={people}
            guess={desk.guess}
            commands={commands}
            textRef={desk.textRef}
            speakerRef={desk.speakerRef}
            onChange={desk.change}
            onSpeaker={desk.giveSpeaker}
            onDone={desk.flush}
          />
        </div>
      </div>
      <WaveStrip
        player={player}
        media={media}
        lines={lines}
        selected={line}
        said={said}
        toneOf={toneOf}
        lengthMs={desk.stripMs}
        onSelect={desk.select}
        onEdge={desk.drag}
        onDrop={desk.flush}
      />
      <LineList lines={lines} selected={line?.key} toneOf={toneOf} onSelect={desk.select} />
      <HelpDialog commands={commands.all} opened={helping} onClose={() => setHelping(false)} />
    </div>
  );
}
