import { Paper, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SeedResult } from "../../api/types";
import { useDates } from "../../components/useDates";

const PARTS = ["visual", "audio", "text", "personality"] as const;
const ROLES = ["speaker", "non-speaker", "nothing"] as const;

/** What the score is made of: by kind of sample, and if only some modalities are given. */
export function Groups({ result }: { result: SeedResult }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const part = (name: string) => {
    const modality = PARTS.find((one) => one === name);
    const role = ROLES.find((one) => one === name);
    return modality ? t(`runs.part.${modality}`) : role ? t(`runs.role.${role}`) : name;
  };
  const named = (group: string) => group.split("+").map(part).join(" + ");
  const groups = Object.values(result.breakdowns)
    .filter((table) => Object.keys(table).length > 1)
    .flatMap((table) =>
      Object.entries(table).map(([group, scores]) => ({
        key: `group ${group}`,
        name: named(group),
        samples: Number(scores.samples),
        score: Number(scores.weighted_f1),
      })),
    );
  const given = Object.entries(result.conditions).map(([group, scores]) => ({
    key: `given ${group}`,
    name: named(group),
    samples: null,
    score: scores.weighted_f1,
  }));
  if (groups.length + given.length === 0) return null;
  const tables = [
    { title: t("runs.groups"), rows: groups },
    { title: t("runs.conditions"), rows: given },
  ].filter(({ rows }) => rows.length > 0);
  return (
    <Paper withBorder radius="lg" p="md" bg="var(--panel)">
      {tables.map(({ title, rows }, place) => (
        <section key={title}>
          <Title order={2} size="h5" mb="xs" {...(place > 0 && { mt: "md" })}>
            {title}
          </Title>
          <Table verticalSpacing={3} aria-label={title} style={{ fontVariantNumeric: "tabular-nums" }}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t(place === 0 && groups.length > 0 ? "runs.group" : "runs.given")}</Table.Th>
                <Table.Th ta="right">{t("runs.support")}</Table.Th>
                <Table.Th ta="right">{t("runs.weighted")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ key, name, samples, score }) => (
                <Table.Tr key={key}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td ta="right">{number(samples ?? result.test.samples)}</Table.Td>
                  <Table.Td ta="right">{number(100 * score, 1)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
    </Paper>
  );
}
