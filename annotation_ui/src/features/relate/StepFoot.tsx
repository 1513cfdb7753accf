import { Text } from "@mantine/core";
import { IconArrowLeft, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { CommandButton } from "../../commands/CommandButton";
import type { Commands } from "../../commands/useCommands";
import classes from "./RelateDesk.module.css";
import type { WorkStep } from "./steps";
import type { Hint } from "./useSteps";

interface Props {
  commands: Commands;
  shown: WorkStep;
  hint: Hint | undefined;
  finishing: boolean;
}

/** Back, away, and on; between them why it does not go on. */
export function StepFoot({ commands, shown, hint, finishing }: Props) {
  const { t } = useTranslation();
  return (
    <footer>
      <Text size="sm" className={classes.hint ?? ""} role="status" {...(hint ? { c: "orange" } : {})}>
        {finishing ? t("relate.finishing") : hint && t(`relate.${hint}`)}
      </Text>
      <div className={classes.foot}>
        <CommandButton
          command={commands.get("relate.goBack")}
          label="relate.goBack"
          variant="default"
          leftSection={<IconArrowLeft size={16} />}
        />
        <CommandButton
          command={commands.get("relate.discard")}
          label="relate.discard"
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={16} />}
        />
        <span className={classes.space} />
        <CommandButton command={commands.get("relate.goOn")} label={`relate.goOn.${shown}`} />
      </div>
    </footer>
  );
}
