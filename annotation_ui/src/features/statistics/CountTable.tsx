import { Paper, Progress, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ReleaseStatistics } from "../../api/types";
import { percentOf } from "../../components/percent";
import { useDates } from "../../components/useDates";

interface Props {
  title: string;
  rows: ReleaseStatistics["five"];
  nameOf: (name: string) => string;
}

/** How many samples of each kind there are, on the two sides of the split and in all. */
export function CountTable({ title, rows, nameOf }: Props) {
  const { t } = useTranslation();
  const { number } = useDates();
  const total = rows.reduce((sum, row) => sum + row.all, 0);
  return (
    <Paper component="section" withBorder radius="lg" p="md" bg="var(--panel)" aria-label={title}>
      <Title order={3} size="h6" mb="xs">
        {title}
      </Title>
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            <Table.Th ta="right">{t("statistics.train")}</Table.Th>
            <Table.Th ta="right">{t("statistics.test")}</Table.Th>
            <Table.Th ta="right">{t("statistics.all")}</Table.Th>
            <Table.Th w="35%">{t("statistics.share")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Th scope="row" fw={500}>
                {nameOf(row.name)}
              </Table.Th>
              <Table.Td ta="right">{number(row.train)}</Table.Td>
              <Table.Td ta="right">{number(row.test)}</Table.Td>
              <Table.Td ta="right">{number(row.all)}</Table.Td>
              <Table.Td>
                <Progress value={percentOf(row.all, total)} size="sm" aria-label={nameOf(row.name)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
