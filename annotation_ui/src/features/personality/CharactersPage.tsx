import { Avatar, Container, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Instrument, ProfiledCharacter } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Pages } from "../../components/Pages";
import { Share } from "../../components/Share";
import classes from "./CharactersPage.module.css";
import { charactersQuery, instrumentsQuery, PAGE_SIZE } from "./queries";
import { useWords } from "./useWords";

/** Main characters of the series one sees, with how far their questionnaires are. */
export function CharactersPage() {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const characters = useQuery(charactersQuery(page));
  const instruments = useQuery(instrumentsQuery);
  const failed = characters.isError ? characters : instruments.isError ? instruments : undefined;
  return (
    <Container size="lg" py="lg">
      <Stack gap="md">
        <div>
          <Title order={1} size="h3">
            {t("personality.title")}
          </Title>
          <Text size="sm" c="dimmed" maw={720}>
            {t("personality.lead")}
          </Text>
        </div>
        {failed && <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />}
        {characters.isPending && <Skeleton height={240} radius="md" />}
        {characters.data?.count === 0 && <Text c="dimmed">{t("personality.none")}</Text>}
        {characters.data && instruments.data && (
          <div className={classes.grid}>
            {characters.data.results.map((character) => (
              <CharacterCard key={character.id} character={character} instruments={instruments.data} />
            ))}
          </div>
        )}
        <Pages count={characters.data?.count} size={PAGE_SIZE} page={page} onPage={setPage} />
      </Stack>
    </Container>
  );
}

function CharacterCard({ character, instruments }: { character: ProfiledCharacter; instruments: Instrument[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const { id, name, series, face_url, filled } = character;
  return (
    <Link to={`/characters/${id}`} className={classes.card} aria-label={t("personality.open", { name })}>
      <Group gap="md" wrap="nowrap">
        <Avatar src={face_url} size={64} radius="md" alt="" name={name} />
        <div>
          <Text fw={620} size="lg">
            {name}
          </Text>
          <Text size="sm" c="dimmed">
            {series}
          </Text>
        </div>
      </Group>
      <Stack gap={8} mt="md">
        {filled.map(({ key, answered, items, finished_by }) => {
          const instrument = instruments.find((one) => one.key === key);
          const title = instrument ? words(instrument.name) : key;
          return (
            <div key={key}>
              <Group justify="space-between" gap="xs" wrap="nowrap">
                <Text size="sm" truncate>
                  {title}
                </Text>
                {finished_by > 0 && (
                  <Text size="xs" c="teal" style={{ whiteSpace: "nowrap" }}>
                    {t("personality.finishedBy", { count: finished_by })}
                  </Text>
                )}
              </Group>
              <Share label={title} done={answered} total={items} />
            </div>
          );
        })}
      </Stack>
    </Link>
  );
}
