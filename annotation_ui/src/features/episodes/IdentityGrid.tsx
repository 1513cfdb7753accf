import { Avatar, Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { EpisodeDetail, Identity } from "../../api/types";
import { clockText } from "../../media/timecode";
import { LostLinks } from "./LostLinks";

/** Who the faces are, as far as it is known; the page of people is where that is said. */
export function IdentityGrid({ episode }: { episode: EpisodeDetail }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h5">
          {t("episodes.identities")}
        </Title>
        {episode.identities.length > 0 && (
          <Button component={Link} to={`/episodes/${episode.id}/people`} size="xs" variant="light">
            {t("people.title")}
          </Button>
        )}
      </Group>
      <LostLinks lost={episode.lost_links} />
      {episode.identities.length === 0 && <Text c="dimmed">{t("episodes.identitiesNone")}</Text>}
      {episode.identities.map((identity, place) => (
        <IdentityRow
          key={identity.id}
          identity={identity}
          number={place + 1}
          name={episode.characters.find(({ id }) => id === identity.character)?.name}
        />
      ))}
    </Stack>
  );
}

function IdentityRow({ identity, number, name }: { identity: Identity; number: number; name: string | undefined }) {
  const { t } = useTranslation();
  const { linked_by, face_url, screen_time_ms } = identity;
  const state = linked_by === "" ? "unlinked" : linked_by;
  const who = name ?? (linked_by === "confirmed" ? t("episodes.nobody") : t("episodes.person", { number }));
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar src={face_url} size={44} radius="md" alt={t("episodes.person", { number })} />
      <div style={{ flex: 1 }}>
        <Text size="sm" fw={600}>
          {who}
        </Text>
        <Text size="xs" c="dimmed">
          {t("episodes.screenTime", { time: clockText(screen_time_ms) })}
        </Text>
      </div>
      <Badge variant="light" color={linked_by === "confirmed" ? "teal" : "gray"} tt="none">
        {t(`episodes.${state}`)}
      </Badge>
    </Group>
  );
}
