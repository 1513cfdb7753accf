import { Alert, Avatar, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EpisodeDetail } from "../../api/types";
import { clockText } from "../../media/timecode";

/** Faces that somebody had said who they are, and that the newest analysis does not have. */
export function LostLinks({ lost }: { lost: EpisodeDetail["lost_links"] }) {
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
