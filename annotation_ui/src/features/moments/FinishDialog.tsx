import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { coveredMs, type Span } from "../../media/intervals";
import { finishTurn } from "../../turn/useTurn";

interface Props {
  turn: AssignmentDetail;
  count: number;
  watched: readonly Span[];
  unsent: number;
  onClose: () => void;
  onFinished: (turn: AssignmentDetail) => void;
}

/** Asks once before the episode is closed, and waits until every moment is with the server. */
export function FinishDialog({ turn, count, watched, unsent, onClose, onFinished }: Props) {
  const { t } = useTranslation();
  const finish = useMutation({ mutationFn: () => finishTurn(turn.id), onSuccess: onFinished });
  const percent = Math.min(100, Math.round((100 * coveredMs(watched)) / Math.max(turn.episode.duration_ms, 1)));
  return (
    <Modal opened onClose={onClose} title={t("moments.confirmTitle")}>
      <Stack>
        <Text size="sm">{t("moments.confirm", { count })}</Text>
        <Text size="sm" c={percent < 95 ? "orange" : "dimmed"}>
          {t("moments.confirmPart", { percent })}
        </Text>
        {unsent > 0 && <Text size="sm">{t("moments.confirmUnsent")}</Text>}
        {finish.isError && <ErrorPanel error={finish.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("moments.confirmNo")}
          </Button>
          {/* It keeps its focus while it waits: a disabled button would lose it, and the second Enter with it. */}
          <Button
            data-autofocus
            aria-disabled={unsent > 0}
            loading={finish.isPending}
            onClick={() => {
              if (unsent === 0) finish.mutate();
            }}
          >
            {t("moments.confirmYes")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
