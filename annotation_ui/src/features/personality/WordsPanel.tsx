import { Paper, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useDates } from "../../components/useDates";
import { wordsQuery } from "./queries";
import classes from "./WordsPanel.module.css";

/** Which word categories a character uses most, over all that he or she says. */
export function WordsPanel({ character }: { character: number }) {
  const { t } = useTranslation();
  const { number } = useDates();
  const words = useQuery(wordsQuery(character));
  const most = words.data?.categories[0]?.share ?? 1;
  return (
    <Paper component="section" aria-label={t("personality.words")} withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5">
        {t("personality.words")}
      </Title>
      {words.isPending && <Skeleton height={200} radius="md" mt="sm" />}
      {words.isError && <ErrorPanel error={words.error} onRetry={() => void words.refetch()} />}
      {words.data && (
        <>
          <Text size="xs" c="dimmed" mb="sm">
            {words.data.words === 0
              ? t("personality.wordsNone")
              : t("personality.wordsLead", { lexicon: words.data.lexicon, count: words.data.words })}
          </Text>
          <ul className={classes.rows}>
            {words.data.categories.map(({ name, share, examples }) => (
              <li key={name} className={classes.row}>
                <span className={classes.bar} style={{ width: `${(100 * share) / most}%` }} />
                <span className={classes.name}>{name.replaceAll("_", " ")}</span>
                <span className={classes.examples}>{examples.join(", ")}</span>
                <span className={classes.share}>{number(100 * share, 1)} %</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Paper>
  );
}
