import { Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AgreementPercent, CrossCheck, WeekAgreement } from "../../api/types";
import { useDates } from "../../components/useDates";
import { useRelationName } from "../discussions/useRelationName";

/** Percent, with the numbers it was made of. */
function Same({ of }: { of: AgreementPercent }) {
  const { number } = useDates();
  if (of.percent === null) return "–";
  return (
    <>
      {number(of.percent, 1)} %{" "}
      <Text span size="xs" c="dimmed">
        {of.same}/{of.compared}
      </Text>
    </>
  );
}

interface FrameProps {
  title: string;
  lead?: string;
  head: readonly string[];
  children: ReactNode;
}

/** A table whose first column is in words, and the others numbers. */
function Frame({ title, lead, head, children }: FrameProps) {
  return (
    <section>
      <Title order={3} size="h6" mb={4}>
        {title}
      </Title>
      {lead && (
        <Text size="xs" c="dimmed">
          {lead}
        </Text>
      )}
      <Table verticalSpacing={6} aria-label={title} maw={760}>
        <Table.Thead>
          <Table.Tr>
            {head.map((name, place) => (
              <Table.Th key={name} ta={place === 0 ? "left" : "right"}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </section>
  );
}

/** The weeks, the last one first, under the sum of all. */
export function WeekTable({ page }: { page: CrossCheck }) {
  const { t } = useTranslation();
  const { day } = useDates();
  const drawn = new Map(page.drawn.map((week) => [week.monday, week.clips]));
  const all = page.drawn.reduce((sum, week) => sum + week.clips, 0);
  const head = ["week", "drawnClips", "clips", "three", "five"] as const;
  return (
    <Frame title={t("crossCheck.weeks")} head={head.map((name) => t(`crossCheck.${name}`))}>
      {[page.total, ...page.weeks.toReversed()].map((week) => (
        <Table.Tr key={week.monday ?? ""} fw={week.monday ? 400 : 600}>
          <Table.Td>{week.monday ? day(week.monday) : t("crossCheck.all")}</Table.Td>
          <Table.Td ta="right">{week.monday ? (drawn.get(week.monday) ?? "–") : all}</Table.Td>
          <Table.Td ta="right">{week.clips}</Table.Td>
          <Table.Td ta="right">
            <Same of={week.three} />
          </Table.Td>
          <Table.Td ta="right">
            <Same of={week.five} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Frame>
  );
}

export function PersonTable({ total }: { total: WeekAgreement }) {
  const { t } = useTranslation();
  const head = ["person", "three", "five"] as const;
  return (
    <Frame title={t("crossCheck.people")} head={head.map((name) => t(`crossCheck.${name}`))}>
      {total.annotators.map((one) => (
        <Table.Tr key={one.name}>
          <Table.Td>{one.name}</Table.Td>
          <Table.Td ta="right">
            <Same of={one.three} />
          </Table.Td>
          <Table.Td ta="right">
            <Same of={one.five} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Frame>
  );
}

export function CategoryTable({ total }: { total: WeekAgreement }) {
  const { t } = useTranslation();
  const relation = useRelationName();
  const head = [t("crossCheck.category"), t("crossCheck.agreement")];
  return (
    <Frame title={t("crossCheck.categories")} lead={t("crossCheck.categoriesLead")} head={head}>
      {total.categories.map((one) => (
        <Table.Tr key={one.name}>
          <Table.Td>{relation(one.name)}</Table.Td>
          <Table.Td ta="right">
            <Same of={one.agreement} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Frame>
  );
}
