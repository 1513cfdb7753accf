import { Badge, Group, ScrollArea, Table, Text, Tooltip } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EpisodeDetail } from "../../api/types";
import { clockText } from "../../media/timecode";

const COLOURS = { checked: "ink", aligned: "teal", unverified: "yellow", subtitle: "gray" } as const;

export function UtteranceTable({ utterances }: Pick<EpisodeDetail, "utterances">) {
  const { t } = useTranslation();
  if (utterances.length === 0) return <Text c="dimmed">{t("episodes.utterancesNone")}</Text>;
  return (
    <ScrollArea.Autosize mah={360}>
      <Table fz="sm" verticalSpacing={5} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("episodes.time")}</Table.Th>
            <Table.Th>{t("episodes.speaker")}</Table.Th>
            <Table.Th>{t("episodes.text")}</Table.Th>
            <Table.Th style={{ whiteSpace: "nowrap" }}>{t("episodes.timing")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {utterances.map((one) => (
            <Table.Tr key={one.index}>
              <Table.Td style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
                {clockText(one.start_ms, true)}
              </Table.Td>
              <Table.Td fw={550}>
                <Group gap={4} wrap="nowrap">
                  {one.speaker || "–"}
                  {!one.speaker_certain && (
                    <Tooltip label={t("episodes.unsure")}>
                      <IconHelpCircle size={15} role="img" aria-label={t("episodes.unsure")} />
                    </Tooltip>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{one.text}</Table.Td>
              <Table.Td>
                <Badge variant="light" color={COLOURS[one.timing]} tt="none">
                  {t(`episodes.${one.timing}`)}
                </Badge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
