import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Suggestion } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import type { BoundCommand } from "../../commands/commands";
import { useDates } from "../../components/useDates";
import { useEmotionName } from "../../components/useEmotionName";
import classes from "./SuggestionLine.module.css";

const MODEL = "baseline:";

interface Props {
  /** Those of the current character that were asked for. */
  suggestions: readonly Suggestion[];
  command: BoundCommand;
}

/** What a machine thinks, in one line below the answer. It chooses nothing, and is there only once it is asked for. */
export function SuggestionLine({ suggestions, command }: Props) {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  const { number } = useDates();
  const origin = suggestions[0]?.origin ?? "";
  const list = suggestions
    .map((one) => {
      const name = one.emotion === "neutral" ? t("states.key.no_emotion") : emotion(one.emotion);
      return `${name} ${number(100 * one.probability)} %`;
    })
    .join(" · ");
  return (
    <div className={classes.line} role="status">
      {list === "" ? (
        <CommandButton command={command} label="states.suggestShort" size="compact-xs" variant="subtle" color="gray" />
      ) : (
        <Text size="xs" c="dimmed" truncate>
          {origin.startsWith(MODEL)
            ? t("states.suggestedByModel", { name: origin.slice(MODEL.length), list })
            : t("states.suggestedByFace", { list })}
        </Text>
      )}
    </div>
  );
}
