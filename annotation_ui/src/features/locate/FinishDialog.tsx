import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AssignmentDetail, Locating } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import { finishTurn } from "../../turn/useTurn";
import { type Mark, problemsOf } from "./interactions";

interface Props {
  turn: AssignmentDetail;
  page: Locating;
  marks: readonly Mark[];
  openOffers: number;
  unsent: number;
  onClose: () => void;
  onFinished: (turn: AssignmentDetail) => void;
}

/** Asks once before the episode is closed, says what would be dropped, and waits until everything is with the server. */
export function FinishDialog({ turn, page, marks, openOffers, unsent, onClose, onFinished }: Props) {
  const { t } = useTranslation();
  const finish = useMutation({ mutationFn: () => finishTurn(turn.id), onSuccess: onFinished });
  // To leave a story segment is odd, but drops no clip.
  const dropped = marks.filter((mark) =>
    problemsOf(mark.startMs, mark.endMs, page).some((problem) => problem !== "leaves_story"),
  ).length;
  return (
    <Dialog opened onClose={onClose} title={t("locate.confirmTitle")}>
      <Stack>
        <Text size="sm">{t("locate.confirm", { count: marks.length })}</Text>
        {dropped > 0 && (
          <Alert color="orange" variant="light" icon={<IconAlertTriangle size={18} />}>
            {t("locate.confirmDropped", { count: dropped })}
          </Alert>
        )}
        {openOffers > 0 && (
          <Text size="sm" c="dimmed">
            {t("locate.confirmOffers", { count: openOffers })}
          </Text>
        )}
        {unsent > 0 && <Text size="sm">{t("locate.confirmUnsent")}</Text>}
        {finish.isError && <ErrorPanel error={finish.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("locate.confirmNo")}
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
            {t("locate.confirmYes")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
