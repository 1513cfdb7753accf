import {
  Anchor,
  Badge,
  Breadcrumbs,
  Button,
  Container,
  Group,
  Paper,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Series } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { CharacterRow } from "./CharacterRow";
import { seriesQuery, useChangeSeries } from "./queries";

export function SeriesPage() {
  const series = useQuery(seriesQuery(useIdInUrl()));
  return (
    <Container size="xl" py="md">
      {series.isPending && <Skeleton height={420} radius="md" />}
      {series.isError && !series.data && <ErrorPanel error={series.error} onRetry={() => void series.refetch()} />}
      {series.data && <People key={series.data.id} series={series.data} />}
    </Container>
  );
}

/** Who is in a series: main characters are answered for in every clip, all others count as "others". */
function People({ series }: { series: Series }) {
  const { t } = useTranslation();
  const change = useChangeSeries(series.id);
  const [name, setName] = useState("");
  const ids = series.characters.map(({ id }) => id);

  function move(place: number, steps: 1 | -1) {
    const moved = [...ids];
    const [one] = moved.splice(place, 1);
    if (one !== undefined) moved.splice(place + steps, 0, one);
    change.mutate({ type: "order", characters: moved });
  }

  function add() {
    if (name.trim() === "") return;
    change.mutate({ type: "add", name, aliases: [], is_main: true }, { onSuccess: () => setName("") });
  }

  return (
    <Stack gap="md">
      <div>
        <Breadcrumbs fz="sm">
          <Anchor component={Link} to="/series" fz="sm">
            {t("series.title")}
          </Anchor>
        </Breadcrumbs>
        <Title order={1} size="h3">
          {series.name}
        </Title>
      </div>
      {change.isError && <ErrorPanel error={change.error} />}
      <Paper withBorder radius="lg" p="md" bg="var(--panel)">
        <Title order={2} size="h5">
          {t("series.characters")}
        </Title>
        <Text size="sm" c="dimmed" mb="xs">
          {t("series.lead")}
        </Text>
        <Table verticalSpacing="xs" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={80} />
              <Table.Th w="20%">{t("series.name")}</Table.Th>
              <Table.Th w="28%">{t("series.aliases")}</Table.Th>
              <Table.Th>{t("series.references")}</Table.Th>
              <Table.Th w={90}>{t("series.main")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {series.characters.map((character, place) => (
              <CharacterRow
                key={`${character.id} ${character.name}`}
                character={character}
                isFirst={place === 0 || series.characters[place - 1]?.is_main !== character.is_main}
                isLast={place === ids.length - 1 || series.characters[place + 1]?.is_main !== character.is_main}
                onSave={(words) => change.mutate({ type: "save", character: character.id, ...words })}
                onMove={(steps) => move(place, steps)}
                onUpload={(picture) => change.mutate({ type: "upload", character: character.id, picture })}
                onForget={(reference) => change.mutate({ type: "forget", reference })}
              />
            ))}
          </Table.Tbody>
        </Table>
        <Group mt="sm" gap="xs">
          <TextInput
            size="sm"
            aria-label={t("series.newName")}
            placeholder={t("series.newName")}
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && add()}
          />
          <Button size="sm" variant="light" onClick={add} loading={change.isPending && change.variables.type === "add"}>
            {t("series.add")}
          </Button>
        </Group>
      </Paper>
      <Paper withBorder radius="lg" p="md" bg="var(--panel)">
        <Title order={2} size="h5" mb="xs">
          {t("episodes.title")}
        </Title>
        <Table verticalSpacing="xs" highlightOnHover>
          <Table.Tbody>
            {series.episodes.map(({ id, title, faces, open_faces }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Anchor component={Link} to={`/episodes/${id}`} fw={600}>
                    {title}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color={open_faces > 0 ? "orange" : "teal"} tt="none">
                    {faces === 0 ? t("series.noFaces") : t("series.openFaces", { count: open_faces })}
                  </Badge>
                </Table.Td>
                <Table.Td ta="right">
                  <Group gap="md" justify="flex-end">
                    <Anchor component={Link} to={`/episodes/${id}/people`} size="sm">
                      {t("people.title")}
                    </Anchor>
                    <Anchor component={Link} to={`/episodes/${id}/dialogue`} size="sm">
                      {t("dialogue.open")}
                    </Anchor>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
    </Stack>
  );
}
