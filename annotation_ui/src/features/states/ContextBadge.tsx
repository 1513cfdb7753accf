import { Badge } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Clip } from "../../api/types";
import type { Player } from "../../media/player";
import { useClock } from "../../media/usePlayer";

/** Says on the picture that this is not the clip yet. */
export function ContextBadge({ player, clip }: { player: Player; clip: Clip }) {
  const { t } = useTranslation();
  const [seconds, setSeconds] = useState(0);
  useClock(player, (timeMs) => setSeconds(Math.max(0, Math.ceil((clip.start_ms - timeMs) / 1000))));
  // Before the clip was reached for the first time the video is still loading.
  if (seconds === 0 || clip.context_start_ms === clip.start_ms) return null;
  return (
    <Badge color="dark" variant="filled" tt="none" size="lg" role="status">
      {t("states.before", { count: seconds })}
    </Badge>
  );
}
