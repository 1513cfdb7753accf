import { Alert, Avatar, Badge, Button, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EpisodeDetail, Identity } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { clockText } from "../../media/timecode";
import { useLinkIdentity } from "./queries";

/** Who the faces are: what the analysis suggests is confirmed or changed here. */
export function IdentityGrid({ episode }: { episode: EpisodeDetail }) {
  const { t } = useTranslation();
  const link = useLinkIdentity(episode.id);
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {t("episodes.identities")}
      </Title>
      {link.isError && <ErrorPanel error={link.error} />}
      <LostLinks lost={episode.lost_links} />
      {episode.identities.length === 0 && <Text c="dimmed">{t("episodes.identitiesNone")}</Text>}
      {episode.identities.map((identity, place) => (
        <IdentityRow
          key={identity.id}
          identity={identity}
          number={place + 1}
          characters={episode.characters}
          onLink={(character) => link.mutate({ identity: identity.id, character })}
        />
      ))}
    </Stack>
  );
}

/** Faces that somebody had said who they are, and that the newest analysis does not have. */
function LostLinks({ lost }: { lost: EpisodeDetail["lost_links"] }) {
  const { t } = useTranslation();
  if (lost.length === 0) return null;
  return (
    <Alert color="orange" title={t("episodes.lostTitle")} role="status">
      <Text size="sm" mb="xs">
        {t("episodes.lostLead")}
      </Text>
      {lost.map(({ identity, character, face_url, screen_time_ms }) => (
        <Group key={identity} gap="xs">
          <Avatar src={face_url} size={32} radius="md" alt="" />
          <Text size="sm">
            {character ?? t("episodes.nobody")} · {t("episodes.screenTime", { time: clockText(screen_time_ms) })}
          </Text>
        </Group>
      ))}
    </Alert>
  );
}

interface RowProps {
  identity: Identity;
  number: number;
  characters: EpisodeDetail["characters"];
  onLink: (character: number | null) => void;
}

const NOBODY = "";

function IdentityRow({ identity, number, characters, onLink }: RowProps) {
  const { t } = useTranslation();
  const { character, linked_by, face_url, screen_time_ms } = identity;
  const state = linked_by === "" ? "unlinked" : linked_by;
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar src={face_url} size={52} radius="md" alt={t("episodes.person", { number })} />
      <div style={{ width: 110 }}>
        <Text size="sm" fw={600}>
          {t("episodes.person", { number })}
        </Text>
        <Text size="xs" c="dimmed">
          {t("episodes.screenTime", { time: clockText(screen_time_ms) })}
        </Text>
      </div>
      <NativeSelect
        aria-label={t("episodes.who", { number })}
        style={{ flex: 1 }}
        size="xs"
        value={character === null ? NOBODY : String(character)}
        onChange={(event) => onLink(event.currentTarget.value === NOBODY ? null : Number(event.currentTarget.value))}
        data={[
          { value: NOBODY, label: t("episodes.nobody") },
          ...characters.map((one) => ({ value: String(one.id), label: one.name })),
        ]}
      />
      {linked_by === "suggested" ? (
        <Button size="compact-xs" variant="light" onClick={() => onLink(character)} w={96}>
          {t("episodes.confirm")}
        </Button>
      ) : (
        <Badge variant="light" color={linked_by === "confirmed" ? "teal" : "gray"} tt="none" w={96}>
          {t(`episodes.${state}`)}
        </Badge>
      )}
    </Group>
  );
}
