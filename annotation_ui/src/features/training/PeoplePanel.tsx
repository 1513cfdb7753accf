import { Badge, Button, Paper, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnnotatorTraining, Trainee, TrainingScore } from "../../api/types";
import { useDates } from "../../components/useDates";
import type { TrainingChange } from "./queries";

interface Props {
  training: AnnotatorTraining;
  change: (change: TrainingChange) => void;
  busy: boolean;
}

/** How the annotators do, and the opening of their periods. */
export function PeoplePanel({ training, change, busy }: Props) {
  const { t } = useTranslation();
  const total = training.clips.filter(({ kind }) => kind === "training").length;
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="xs">
        {t("training.people")}
      </Title>
      {training.annotators.length === 0 && <Text c="dimmed">{t("projects.annotatorsNone")}</Text>}
      <Table.ScrollContainer minWidth={760}>
        <Table verticalSpacing={7} aria-label={t("training.people")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("training.person")}</Table.Th>
              <Table.Th ta="right">{t("training.answered")}</Table.Th>
              <Table.Th ta="right">{t("training.five")}</Table.Th>
              <Table.Th ta="right">{t("training.three")}</Table.Th>
              <Table.Th>{t("training.met")}</Table.Th>
              <Table.Th ta="right">{t("training.goldSame")}</Table.Th>
              <Table.Th>{t("training.period")}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {training.annotators.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td fw={550}>{one.full_name}</Table.Td>
                <Table.Td ta="right">{t("home.of", { done: one.training.answered, total })}</Table.Td>
                <Table.Td ta="right">
                  <Same score={one.training} of="same_five" />
                </Table.Td>
                <Table.Td ta="right">
                  <Same score={one.training} of="same_three" />
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color={one.has_passed ? "teal" : "gray"} tt="none">
                    {t(one.has_passed ? "training.isMet" : "training.isNotMet")}
                  </Badge>
                </Table.Td>
                <Table.Td ta="right">
                  <Same score={one.gold} of="same_five" />
                </Table.Td>
                <Table.Td>
                  <Period one={one} />
                </Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="compact-sm"
                    variant={one.opened_at ? "subtle" : "light"}
                    color={one.opened_at ? "gray" : "ink"}
                    disabled={busy}
                    aria-label={t(one.opened_at ? "training.closeNow" : "training.openNow", { name: one.full_name })}
                    onClick={() => change({ type: "period", user: one.id, isOpen: !one.opened_at })}
                  >
                    {t(one.opened_at ? "training.closeShort" : "training.openShort")}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function Same({ score, of }: { score: TrainingScore; of: "same_five" | "same_three" }) {
  const { number } = useDates();
  if (score.judged === 0) return "–";
  return (
    <>
      {number((100 * score[of]) / score.judged)} %{" "}
      <Text span size="xs" c="dimmed">
        {score[of]}/{score.judged}
      </Text>
    </>
  );
}

function Period({ one }: { one: Trainee }) {
  const { t } = useTranslation();
  const { day } = useDates();
  if (!one.opened_at) return "–";
  return (
    <>
      {t("training.opened", { day: day(one.opened_at) })}{" "}
      <Text span size="xs" c="dimmed">
        {one.opened_by ? t("training.openedBy", { name: one.opened_by }) : t("training.openedByItself")}
      </Text>
    </>
  );
}
