import { Badge, Paper, Skeleton, Stack, Table, Text, Title, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Agreement, AgreementLevel } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useDates } from "../../components/useDates";
import { en } from "../../i18n/en";
import { MomentAgreementPanel } from "./moments/MomentAgreementPanel";
import { agreementQuery } from "./queries";

export function AgreementTab({ project }: { project: number }) {
  return (
    <Stack gap="md">
      <MomentAgreementPanel project={project} />
      <StateAgreement project={project} />
    </Stack>
  );
}

function StateAgreement({ project }: { project: number }) {
  const agreement = useQuery(agreementQuery(project));
  if (agreement.isPending) return <Skeleton height={260} radius="md" />;
  if (agreement.isError) return <ErrorPanel error={agreement.error} onRetry={() => void agreement.refetch()} />;
  return <AgreementTables agreement={agreement.data} />;
}

function AgreementTables({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation();
  const levelName = useLevelName();
  const { levels, pairs, annotators, answers, clips } = agreement;
  if (levels.every((level) => level.items === 0)) return <Text c="dimmed">{t("agreement.none")}</Text>;
  return (
    <Stack gap="md">
      <Paper withBorder radius="lg" p="md" bg="var(--panel)">
        <Text size="sm">{t("agreement.lead", { answers, people: annotators.length, clips })}</Text>
        <Text size="sm" c="dimmed" mb="xs">
          {t("agreement.scale")}
        </Text>
        <Table verticalSpacing={7} aria-label={t("projects.agreement")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("agreement.level")}</Table.Th>
              <Table.Th ta="right">{t("agreement.items")}</Table.Th>
              <Table.Th ta="right">{t("agreement.percent")}</Table.Th>
              <Table.Th ta="right">{t("agreement.krippendorff")}</Table.Th>
              <Table.Th ta="right">{t("agreement.fleiss")}</Table.Th>
              <Table.Th ta="right">{t("agreement.cohen")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {levels.map((level) => (
              <LevelRow key={level.level} level={level} />
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      {pairs.length > 0 && (
        <Paper withBorder radius="lg" p="md" bg="var(--panel)">
          <Title order={2} size="h5" mb="xs">
            {t("agreement.pairs")}
          </Title>
          <Table verticalSpacing={6} fz="sm" aria-label={t("agreement.pairs")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("agreement.pair")}</Table.Th>
                <Table.Th>{t("agreement.level")}</Table.Th>
                <Table.Th ta="right">{t("agreement.items")}</Table.Th>
                <Table.Th ta="right">{t("agreement.percent")}</Table.Th>
                <Table.Th ta="right">{t("agreement.cohen")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {pairs.map((pair) => (
                <Table.Tr key={`${pair.level} ${pair.first} ${pair.second}`}>
                  <Table.Td>
                    {pair.first} · {pair.second}
                  </Table.Td>
                  <Table.Td>{levelName(pair.level)}</Table.Td>
                  <Table.Td ta="right">{pair.items}</Table.Td>
                  <Table.Td ta="right">
                    <Percent value={pair.percent_agreement} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Coefficient value={pair.cohen_kappa} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
    </Stack>
  );
}

function LevelRow({ level }: { level: AgreementLevel }) {
  const { t } = useTranslation();
  const levelName = useLevelName();
  // Full agreement without a coefficient: one value was all that anybody said. The server says it in English.
  const isOneValue = level.percent_agreement === 100 && level.krippendorff_alpha === null;
  const note = isOneValue ? t("agreement.oneValue") : level.note;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550}>
          {levelName(level.level)}
        </Text>
        {note && (
          <Text size="xs" c="dimmed">
            {note}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{level.items}</Table.Td>
      <Table.Td ta="right">
        <Percent value={level.percent_agreement} />
      </Table.Td>
      <Table.Td ta="right">
        <Coefficient value={level.krippendorff_alpha} judged />
      </Table.Td>
      <Table.Td ta="right">
        <Coefficient value={level.fleiss_kappa} />
      </Table.Td>
      <Table.Td ta="right">
        <Coefficient value={level.cohen_kappa} />
      </Table.Td>
    </Table.Tr>
  );
}

function useLevelName(): (level: string) => string {
  const { t } = useTranslation();
  return (level) =>
    level in en.agreement.levels ? t(`agreement.levels.${level as keyof typeof en.agreement.levels}`) : level;
}

/** The share of agreeing pairs, 0 to 100. */
function Percent({ value }: { value: number | null }) {
  const { number } = useDates();
  return value === null ? <Undefined /> : `${number(value, 1)} %`;
}

/** Krippendorff's own limits: reliable from 0.8, tentative from 0.667. */
function Coefficient({ value, judged = false }: { value: number | null; judged?: boolean }) {
  const { t } = useTranslation();
  const { number } = useDates();
  if (value === null) return <Undefined />;
  const shown = number(value, 3);
  if (!judged) return shown;
  const grade = value >= 0.8 ? "good" : value >= 0.667 ? "fair" : "poor";
  const colour = { good: "teal", fair: "yellow", poor: "gray" }[grade];
  return (
    <>
      <Badge variant="light" color={colour} tt="none" mr={8}>
        {t(`agreement.${grade}`)}
      </Badge>
      {shown}
    </>
  );
}

function Undefined() {
  const { t } = useTranslation();
  return (
    <Tooltip label={t("agreement.undefined")}>
      <Text span c="dimmed" aria-label={t("agreement.undefined")} role="img">
        –
      </Text>
    </Tooltip>
  );
}
