import { Button, Center, Container, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MyCalibration } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import { useCommands } from "../../commands/useCommands";
import { ErrorPanel } from "../../components/ErrorPanel";
import { usePlayer } from "../../media/usePlayer";
import { newId } from "../../saving/uuid";
import classes from "./CalibrationPage.module.css";
import { calibrationCommands } from "./commands";
import { calibrationQuery, useStoreRun } from "./queries";
import { RunList } from "./RunList";
import { RunResult } from "./RunResult";

/** How late somebody presses: a minute with a clip whose changes are known. */
export function CalibrationPage() {
  const { t } = useTranslation();
  const mine = useQuery(calibrationQuery);
  return (
    <Container size="md" py="lg">
      <Title order={1} size="h3" mb="xs">
        {t("calibration.title")}
      </Title>
      {mine.isPending && (
        <Center mih={300}>
          <Loader aria-label={t("app.loading")} />
        </Center>
      )}
      {mine.isError && <ErrorPanel error={mine.error} onRetry={() => void mine.refetch()} />}
      {mine.data && <Calibration mine={mine.data} />}
    </Container>
  );
}

function Calibration({ mine }: { mine: MyCalibration }) {
  const { t } = useTranslation();
  const player = usePlayer();
  const store = useStoreRun();
  const [presses, setPresses] = useState<readonly number[]>();
  const isRunning = presses !== undefined;

  const commands = useCommands(calibrationCommands, {
    isRunning,
    start: () => {
      if (store.isPending) return;
      store.reset();
      setPresses([]);
      player.seek(0);
      player.play();
    },
    press: () => setPresses((old) => [...(old ?? []), player.timeMs]),
    stop: () => {
      player.pause();
      setPresses(undefined);
    },
  });
  const press = commands.get("calibration.press");

  function end() {
    if (presses) store.mutate({ client_id: newId(), presses_ms: [...presses] });
    setPresses(undefined);
  }

  return (
    <Stack>
      <Text>{t("calibration.lead")}</Text>
      <Paper withBorder radius="lg" p="md" bg="var(--panel)">
        <div className={classes.stage} data-pressed={presses?.length || undefined}>
          {/* biome-ignore lint/a11y/useMediaCaption: a drawn face and a tone; nobody speaks */}
          <video
            ref={player.attach}
            className={classes.video}
            src={mine.clip.video_url}
            preload="auto"
            playsInline
            onEnded={end}
            aria-label={t("calibration.video")}
          />
          {/* Made anew with every press, so that its short glow starts again. */}
          {isRunning && presses.length > 0 && <div key={presses.length} className={classes.glow} aria-hidden />}
        </div>
        <div className={classes.bar}>
          {isRunning ? (
            <>
              <CommandButton command={press} label="calibration.now" />
              <Text size="sm" c="dimmed" role="status">
                {t("calibration.pressed", { count: presses.length })}
              </Text>
              <CommandButton command={commands.get("calibration.stop")} variant="subtle" color="gray" />
            </>
          ) : (
            <>
              <CommandButton
                command={press}
                label={store.data || mine.runs.length > 0 ? "calibration.again" : "calibration.start"}
              />
              <Text size="sm" c="dimmed">
                {t("calibration.rules", {
                  practice: mine.clip.practice,
                  seconds: Math.ceil(mine.clip.duration_ms / 1000),
                })}
              </Text>
            </>
          )}
        </div>
      </Paper>
      {store.isPending && <Text role="status">{t("saving.saving")}</Text>}
      {store.isError && (
        <ErrorPanel error={store.error} onRetry={() => store.variables && store.mutate(store.variables)} />
      )}
      {store.data && <RunResult run={store.data} clip={mine.clip} />}
      {mine.current && !store.data && (
        <Text size="sm">
          {t("calibration.current", { delay: mine.current.delay_ms, spread: mine.current.spread_ms })}
        </Text>
      )}
      <RunList runs={mine.runs} current={mine.current?.id} />
      <Button variant="default" onClick={() => history.back()} style={{ alignSelf: "start" }}>
        {t("app.back")}
      </Button>
    </Stack>
  );
}
