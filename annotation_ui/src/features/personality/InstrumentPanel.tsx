import { Anchor, Button, Group, Paper, Text, Title, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Instrument, Personality } from "../../api/types";
import { Share } from "../../components/Share";
import { useDates } from "../../components/useDates";
import { openOf } from "./course";
import { Dichotomies } from "./Dichotomies";
import classes from "./InstrumentPanel.module.css";
import { Radar } from "./Radar";
import { useWords } from "./useWords";

interface Props {
  instrument: Instrument;
  personality: Personality;
  ratings: ReadonlyMap<string, number>;
}

/** One questionnaire about a character: how far it is, what it says, and who agrees. */
export function InstrumentPanel({ instrument, personality, ratings }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const { key, items, scales } = instrument;
  const scores = new Map(personality.scores.map((score) => [score.column, score]));
  const rows = scales.map(({ column, name, low, high }) => ({
    key: column,
    name: words(name),
    low: words(low),
    high: words(high),
    values: { mine: scores.get(column)?.mine ?? null, everybody: scores.get(column)?.everybody ?? null },
  }));
  const series = (["mine", "everybody"] as const).filter((one) => rows.some(({ values }) => values[one] !== null));
  const open = openOf(
    items.map((item) => item.key),
    ratings,
  );
  const action = t(`personality.${open === items.length ? "start" : open > 0 ? "goOn" : "look"}`);
  const title = words(instrument.name);
  return (
    <Paper component="section" aria-label={title} withBorder radius="lg" p="md" bg="var(--panel)">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={2} size="h5">
            {title}
          </Title>
          <Tooltip label={instrument.note} multiline w={340} withArrow>
            {instrument.url ? (
              <Anchor href={instrument.url} size="xs" c="dimmed" target="_blank" rel="noreferrer">
                {t("personality.source")}: {instrument.licence}
              </Anchor>
            ) : (
              <Text span size="xs" c="dimmed">
                {t("personality.source")}: {instrument.licence}
              </Text>
            )}
          </Tooltip>
        </div>
        <Button
          component={Link}
          to={`/characters/${personality.id}/${key}`}
          size="xs"
          variant={open > 0 ? "filled" : "default"}
          aria-label={t("personality.startOf", { action, name: title })}
        >
          {action}
        </Button>
      </Group>
      <Share label={title} done={items.length - open} total={items.length} />
      <div className={classes.plot}>
        {series.length === 0 ? (
          <Text c="dimmed" size="sm" ta="center">
            {t(open === items.length ? "personality.empty" : "personality.partly")}
          </Text>
        ) : key === "mbti" ? (
          <Dichotomies rows={rows} series={series} />
        ) : (
          <Radar
            label={t("personality.profile", { name: personality.name, instrument: title })}
            axes={rows}
            series={series}
          />
        )}
      </div>
      <Group gap="md" justify="center" mih={22}>
        {series.map((one) => (
          <Text key={one} size="xs" className={classes.legend ?? ""} data-series={one}>
            {t(`personality.${one}`)}
          </Text>
        ))}
      </Group>
      <Agreement personality={personality} instrument={instrument} />
    </Paper>
  );
}

/** Who finished it and how far they agree: for admins, the server tells nobody else. */
function Agreement({ personality, instrument }: Pick<Props, "personality" | "instrument">) {
  const { t } = useTranslation();
  const { number } = useDates();
  const found = personality.raters.find(({ key }) => key === instrument.key);
  if (!found || found.raters.length === 0) return null;
  const { raters, alpha } = found;
  return (
    <Text size="xs" c="dimmed" ta="center">
      {raters.join(", ")} ·{" "}
      {alpha === null ? t("personality.alphaNone") : t("personality.alpha", { alpha: number(alpha, 2) })}
    </Text>
  );
}
