import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconEyeQuestion } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import type { Span } from "../../media/intervals";
import { clockText } from "../../media/timecode";
import { finishTurn } from "../../turn/useTurn";

interface Props {
  turn: AssignmentDetail;
  count: number;
  /** The parts that were not watched. */
  unseen: readonly Span[];
  unsent: number;
  onClose: () => void;
  onSee: (timeMs: number) => void;
  onFinished: (turn: AssignmentDetail) => void;
}

/** So many parts are named; more would push the buttons away. */
const MOST_NAMED = 12;

/** Asks once before the episode is closed, says what was not watched, and waits until everything is with the server. */
export function FinishDialog({ turn, count, unseen, unsent, onClose, onSee, onFinished }: Props) {
  const { t } = useTranslation();
  const finish = useMutation({ mutationFn: () => finishTurn(turn.id), onSuccess: onFinished });
  const isRefused = unseen.length > 0 && turn.project.unwatched === "refuse";
  const first = unseen[0];
  return (
    <Dialog opened onClose={onClose} title={t("moments.confirmTitle")}>
      <Stack>
        <Text size="sm">{t("moments.confirm", { count })}</Text>
        {first ? (
          <Unseen unseen={unseen} isRefused={isRefused} onSee={onSee} />
        ) : (
          <Text size="sm" c="dimmed">
            {t("moments.confirmAll")}
          </Text>
        )}
        {unsent > 0 && <Text size="sm">{t("moments.confirmUnsent")}</Text>}
        {finish.isError && <ErrorPanel error={finish.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("moments.confirmNo")}
          </Button>
          {isRefused && first ? (
            <Button data-autofocus onClick={() => onSee(first[0])}>
              {t("moments.confirmSee")}
            </Button>
          ) : (
            // It keeps its focus while it waits: a disabled button would lose it, and the second Enter with it.
            <Button
              data-autofocus
              aria-disabled={unsent > 0}
              loading={finish.isPending}
              onClick={() => {
                if (unsent === 0) finish.mutate();
              }}
            >
              {t(first ? "moments.confirmAnyway" : "moments.confirmYes")}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Unseen({ unseen, isRefused, onSee }: Pick<Props, "unseen" | "onSee"> & { isRefused: boolean }) {
  const { t } = useTranslation();
  return (
    <Alert color="orange" variant="light" icon={<IconEyeQuestion size={18} />} title={t("moments.unseenTitle")}>
      <Text size="sm" mb={6}>
        {t(isRefused ? "moments.unseenRefused" : "moments.unseenWarned")}
      </Text>
      <Group gap={6}>
        {unseen.slice(0, MOST_NAMED).map(([startMs, endMs]) => {
          const part = { start: clockText(startMs), end: clockText(endMs) };
          return (
            <Button
              key={startMs}
              size="compact-xs"
              variant="light"
              color="orange"
              aria-label={t("moments.see", part)}
              onClick={() => onSee(startMs)}
            >
              {part.start}–{part.end}
            </Button>
          );
        })}
        {unseen.length > MOST_NAMED && (
          <Text size="xs">{t("moments.unseenMore", { count: unseen.length - MOST_NAMED })}</Text>
        )}
      </Group>
    </Alert>
  );
}
