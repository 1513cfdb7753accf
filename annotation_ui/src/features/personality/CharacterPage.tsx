import { Anchor, Avatar, Breadcrumbs, Container, Grid, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Instrument, Personality } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useOutbox } from "../../saving/SavingProvider";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { InstrumentPanel } from "./InstrumentPanel";
import { instrumentsQuery, personalityQuery } from "./queries";
import { useRatings } from "./useRatings";
import { WordsPanel } from "./WordsPanel";

/** A character's profile: three questionnaires and the words he or she uses. */
export function CharacterPage() {
  const id = useIdInUrl();
  const outbox = useOutbox();
  const personality = useQuery(personalityQuery(id, outbox));
  const instruments = useQuery(instrumentsQuery);
  const { refetch } = personality;
  const refresh = useCallback(() => void refetch(), [refetch]);
  const failed = personality.isError ? personality : instruments.isError ? instruments : undefined;
  return (
    <Container size="xl" py="md">
      {failed && <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />}
      {!failed && !(personality.data && instruments.data) && <Skeleton height={420} radius="md" />}
      {personality.data && instruments.data && (
        <Profile loaded={personality.data} instruments={instruments.data} onOutdated={refresh} />
      )}
    </Container>
  );
}

interface Props {
  onOutdated: () => void;
  loaded: { personality: Personality; since: number };
  instruments: Instrument[];
}

function Profile({ loaded, instruments, onOutdated }: Props) {
  const { t } = useTranslation();
  const { personality } = loaded;
  const { ratings, isOutdated } = useRatings(loaded);
  useEffect(() => {
    // Answers that were still on their way when the profile was asked for.
    if (isOutdated) onOutdated();
  }, [isOutdated, onOutdated]);
  const byTheir = (key: string) => instruments.find((one) => one.key === key);
  const [big5, pf16, mbti] = [byTheir("big5"), byTheir("16pf"), byTheir("mbti")];
  return (
    <Stack gap="md">
      <div>
        <Breadcrumbs fz="sm">
          <Anchor component={Link} to="/characters" fz="sm">
            {t("personality.title")}
          </Anchor>
          <Text size="sm" c="dimmed">
            {personality.series}
          </Text>
        </Breadcrumbs>
        <Group gap="sm" mt={4}>
          <Avatar src={personality.face_url} size={44} radius="md" alt="" name={personality.name} />
          <div>
            <Title order={1} size="h3">
              {personality.name}
            </Title>
            <Text size="sm" c="dimmed">
              {t(`personality.released.${personality.released_from}`)}
            </Text>
          </div>
        </Group>
      </div>
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="md" h="100%">
            {big5 && <InstrumentPanel instrument={big5} personality={personality} ratings={ratings} />}
            {mbti && <InstrumentPanel instrument={mbti} personality={personality} ratings={ratings} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="md" h="100%">
            {pf16 && <InstrumentPanel instrument={pf16} personality={personality} ratings={ratings} />}
            <WordsPanel character={personality.id} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
