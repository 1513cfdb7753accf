import { Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Exemplar } from "../../api/types";
import { FIVE } from "../../components/relationships";
import { usePlayer } from "../../media/usePlayer";
import { VideoStage } from "../../media/VideoStage";
import classes from "./RelationshipStep.module.css";

/** What a relationship looks like, in sight and silent: the clip that is labelled keeps the sound. */
export function ExampleClip({ example }: { example: Exemplar }) {
  const { t } = useTranslation();
  const player = usePlayer();
  useEffect(() => {
    player.prefer({ rate: 1, volume: 0, muted: true });
    player.loop([example.start_ms, example.end_ms]);
  }, [player, example.start_ms, example.end_ms]);
  const name = FIVE.find((one) => one === example.label);
  return (
    <section className={classes.example} aria-label={t("exemplars.title")}>
      <div className={classes.stage}>
        <VideoStage
          player={player}
          media={example.episode}
          lines={example.lines}
          showLines={false}
          onClick={() => player.toggle()}
        />
      </div>
      <Text size="xs" c="dimmed" lineClamp={2}>
        {t("relate.example", { name: name ? t(`relationships.${name}`) : example.label })}
        {example.note && ` · ${example.note}`}
      </Text>
    </section>
  );
}
