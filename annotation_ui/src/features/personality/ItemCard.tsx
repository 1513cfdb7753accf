import { Stack, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { InstrumentItem } from "../../api/types";
import { KeyCaps } from "../../commands/KeyCaps";
import { CANNOT_TELL } from "./course";
import classes from "./Questionnaire.module.css";
import { useWords } from "./useWords";

const VALUES = ["1", "2", "3", "4", "5"] as const;

interface Props {
  item: InstrumentItem;
  name: string;
  position: string;
  value: number | undefined;
  onAnswer: (value: number) => void;
}

/** One statement, or a pair, with its five answers and the sixth: that it cannot be told. */
export function ItemCard({ item, name, position, value, onAnswer }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const { left } = item;
  const question = left ? t("personality.between", { left: words(left), right: words(item.text) }) : words(item.text);
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed" ta="center">
        {position} · {t(left ? "personality.pairQuestion" : "personality.question", { name })}
      </Text>
      <div className={classes.question} aria-live="polite">
        {left ? (
          <div className={classes.pair}>
            <Text fz={22} fw={620} ta="right">
              {words(left)}
            </Text>
            <Text c="dimmed">↔</Text>
            <Text fz={22} fw={620} ta="left">
              {words(item.text)}
            </Text>
          </div>
        ) : (
          <Text fz={26} fw={620}>
            {words(item.text)}
          </Text>
        )}
      </div>
      <div role="radiogroup" aria-label={question} className={classes.answers}>
        {VALUES.map((key) => (
          <UnstyledButton
            key={key}
            className={classes.answer ?? ""}
            role="radio"
            aria-checked={value === Number(key)}
            onClick={() => onAnswer(Number(key))}
          >
            <KeyCaps keyName={key} />
            {t(left ? `personality.side.${key}` : `personality.fit.${key}`)}
          </UnstyledButton>
        ))}
        <UnstyledButton
          className={classes.answer ?? ""}
          style={{ gridColumn: "2 / span 3", minHeight: 0, display: "flex", justifyContent: "center", gap: 10 }}
          role="radio"
          aria-checked={value === CANNOT_TELL}
          onClick={() => onAnswer(CANNOT_TELL)}
        >
          <KeyCaps keyName="0" />
          {t("personality.cannotTell")}
        </UnstyledButton>
      </div>
    </Stack>
  );
}
