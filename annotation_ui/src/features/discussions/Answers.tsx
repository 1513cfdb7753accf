import { Avatar, Badge, Group, Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Discussion } from "../../api/types";
import classes from "./Discussion.module.css";
import { useRelationName } from "./useRelationName";

/** All answers side by side: who is meant, and how they stand to each other. */
export function Answers({ discussion }: { discussion: Discussion }) {
  const { t } = useTranslation();
  const { answers, differs } = discussion;
  return (
    <Paper component="section" aria-label={t("discussion.answers")} withBorder radius="lg" p="md" bg="var(--panel)">
      <Title order={2} size="h5">
        {t("discussion.answers")}
      </Title>
      <Text size="sm" c={differs ? "orange" : "dimmed"} mb="xs">
        {answers.length === 0 && t("discussion.none")}
        {answers.length > 1 && t(differs ? "discussion.differ" : "discussion.same")}
      </Text>
      <div className={classes.answers}>
        {answers.map((answer) => (
          <article key={answer.annotator} className={classes.answer} aria-label={answer.annotator}>
            <Group gap={6} wrap="nowrap">
              <Text size="sm" fw={600} truncate>
                {answer.annotator}
              </Text>
              {answer.is_mine && (
                <Badge size="xs" variant="light" tt="none">
                  {t("discussion.you")}
                </Badge>
              )}
            </Group>
            <Said said={answer.said} discussion={discussion} />
          </article>
        ))}
      </div>
    </Paper>
  );
}

type SaidOf = Pick<Discussion["answers"][number]["said"], "pair" | "relationship">;

export function Said({ said, discussion }: { said: SaidOf; discussion: Discussion }) {
  const relation = useRelationName();
  return (
    <Group gap="sm" wrap="nowrap">
      <Pair pair={said.pair} discussion={discussion} />
      <Text fw={550} className={classes.relation ?? ""} data-relation={said.relationship || undefined}>
        {relation(said.relationship)}
      </Text>
    </Group>
  );
}

function Pair({ pair, discussion }: { pair: number[] | null; discussion: Discussion }) {
  const name = usePersonName(discussion);
  if (!pair) return null;
  return (
    <Avatar.Group>
      {pair.map((identity) => (
        <Avatar
          key={identity}
          src={discussion.people.find((one) => one.identity === identity)?.face_url ?? null}
          alt={name(identity)}
          title={name(identity)}
          size={40}
        />
      ))}
    </Avatar.Group>
  );
}

/** The name of a person of the clip; one without a name is told by his or her place. */
export function usePersonName({ people }: Discussion): (identity: number) => string {
  const { t } = useTranslation();
  return (identity) => {
    const place = people.findIndex((one) => one.identity === identity);
    return people[place]?.name || t("discussion.unnamed", { place: place + 1 });
  };
}
