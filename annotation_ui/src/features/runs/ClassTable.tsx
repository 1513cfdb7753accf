import { Group, Paper, Progress, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SeedResult } from "../../api/types";
import { useDates } from "../../components/useDates";
import { useClassName } from "./useClassName";

/** Each class with its samples on the test side, and how well it is found. */
export function ClassTable({ result }: { result: SeedResult }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const className = useClassName();
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5" mb="xs">
        {t("runs.classes")}
      </Title>
      <Table verticalSpacing={4} aria-label={t("runs.classes")} style={{ fontVariantNumeric: "tabular-nums" }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("runs.class")}</Table.Th>
            <Table.Th ta="right">{t("runs.support")}</Table.Th>
            <Table.Th ta="right">{t("runs.precision")}</Table.Th>
            <Table.Th ta="right">{t("runs.recall")}</Table.Th>
            <Table.Th w="32%">{t("runs.f1")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {result.test.per_class.map((one) => (
            <Table.Tr key={one.name} {...(one.support === 0 && { c: "dimmed" })}>
              <Table.Td>{className(one.name)}</Table.Td>
              <Table.Td ta="right">{number(one.support)}</Table.Td>
              <Table.Td ta="right">{one.support > 0 ? number(100 * one.precision, 1) : "–"}</Table.Td>
              <Table.Td ta="right">{one.support > 0 ? number(100 * one.recall, 1) : "–"}</Table.Td>
              <Table.Td>
                {one.support > 0 && (
                  <Group gap="xs" wrap="nowrap">
                    <Progress value={100 * one.f1} size="sm" style={{ flex: 1 }} aria-hidden />
                    <Text size="sm" miw={38} ta="right">
                      {number(100 * one.f1, 1)}
                    </Text>
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
