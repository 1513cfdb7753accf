import { Anchor, Breadcrumbs, Button, Container, Group, Paper, Progress, Text, Title } from "@mantine/core";
import { IconKeyboard } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import type { Instrument, Personality } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import { HelpDialog } from "../../commands/HelpDialog";
import { useCommands } from "../../commands/useCommands";
import { percentOf } from "../../components/percent";
import { questionnaireCommands } from "./commands";
import { nextOpen, openOf, shifted } from "./course";
import { ItemCard } from "./ItemCard";
import { ItemList } from "./ItemList";
import classes from "./Questionnaire.module.css";
import { useRatings } from "./useRatings";
import { useWords } from "./useWords";

interface Props {
  loaded: { personality: Personality; since: number };
  instrument: Instrument;
}

export function Questionnaire({ loaded, instrument }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const { personality } = loaded;
  const { ratings, rate } = useRatings(loaded);
  const { items } = instrument;
  const keys = items.map((item) => item.key);
  const [place, setPlace] = useState(() => Math.max(0, nextOpen(keys, ratings, -1)));
  const [helping, setHelping] = useState(false);
  const item = items[place];
  const open = openOf(keys, ratings);
  const profile = `/characters/${personality.id}`;

  function answer(value: number) {
    if (!item) return;
    rate(item.key, value);
    const next = nextOpen(keys, new Map([...ratings, [item.key, value]]), place);
    if (next >= 0) setPlace(next);
  }

  const commands = useCommands(questionnaireCommands, {
    answer,
    shift: (step) => item && rate(item.key, shifted(ratings.get(item.key), step)),
    move: (step) => setPlace((now) => Math.min(items.length - 1, Math.max(0, now + step))),
    goOn: () => (open === 0 ? void navigate(profile) : setPlace(nextOpen(keys, ratings, place))),
  });

  return (
    <Container size="lg" py="md">
      <Group justify="space-between" align="flex-end" mb="xs">
        <div>
          <Breadcrumbs fz="sm">
            <Anchor component={Link} to="/characters" fz="sm">
              {t("personality.title")}
            </Anchor>
            <Anchor component={Link} to={profile} fz="sm">
              {personality.name}
            </Anchor>
          </Breadcrumbs>
          <Title order={1} size="h3">
            {words(instrument.name)}
          </Title>
        </div>
        <Group gap="sm">
          <Text size="sm" c="dimmed" role="status" style={{ fontVariantNumeric: "tabular-nums" }}>
            {open === 0 ? t("personality.complete") : t("personality.toGo", { count: open })}
          </Text>
          <Button size="xs" variant="subtle" leftSection={<IconKeyboard size={17} />} onClick={() => setHelping(true)}>
            {t("help.open")}
          </Button>
          <CommandButton
            command={commands.get("personality.nextOpen")}
            size="xs"
            variant={open === 0 ? "filled" : "default"}
            label={open === 0 ? "personality.toProfile" : "personality.nextOpenShort"}
          />
        </Group>
      </Group>
      <Progress
        value={percentOf(items.length - open, items.length)}
        size="sm"
        color={open === 0 ? "teal" : "ink"}
        aria-label={words(instrument.name)}
        mb="md"
      />
      <div className={classes.desk}>
        <Paper withBorder radius="lg" p="xl" bg="var(--panel)">
          {item && (
            <ItemCard
              item={item}
              name={personality.name}
              position={t("personality.position", { place: place + 1, total: items.length })}
              value={ratings.get(item.key)}
              onAnswer={answer}
            />
          )}
        </Paper>
        <ItemList items={items} ratings={ratings} place={place} onOpen={setPlace} />
      </div>
      <HelpDialog commands={commands.all} opened={helping} onClose={() => setHelping(false)} />
    </Container>
  );
}
