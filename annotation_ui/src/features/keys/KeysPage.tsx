import { Alert, Button, Container, Group, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { keyCaps } from "../../commands/keys";
import { ErrorPanel } from "../../components/ErrorPanel";
import { KeyRow } from "./KeyRow";
import classes from "./KeysPage.module.css";
import { type Listed, listed, PAGES, SHARED } from "./pages";
import { type KeyChange, keyIn, useKeyChange } from "./useKeyChange";

/** Every key of the application, each to be changed by pressing another; a key that is taken is shown with its owner. */
export function KeysPage() {
  const { t } = useTranslation();
  const change = useKeyChange();
  const shared = new Set(SHARED.map(({ id }) => id));
  return (
    <Container size="lg" py="md">
      <Group justify="space-between" wrap="nowrap">
        <Title order={1} size="h3">
          {t("keys.title")}
        </Title>
        <Button
          variant="default"
          size="xs"
          disabled={Object.keys(change.own).length === 0 || change.busy}
          onClick={change.resetAll}
        >
          {t("keys.resetAll")}
        </Button>
      </Group>
      <div className={classes.bar} role="status">
        <News change={change} />
      </div>
      <div className={classes.columns}>
        {PAGES.map(({ id, commands }) => (
          <Section
            key={id}
            title={t(`keys.pages.${id}`)}
            commands={commands.filter((command) => !shared.has(command.id))}
            change={change}
          />
        ))}
        <Section title={t("keys.everywhere")} commands={SHARED} change={change} />
      </div>
    </Container>
  );
}

interface SectionProps {
  title: string;
  commands: readonly Listed[];
  change: KeyChange;
}

function Section({ title, commands, change }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <Title order={2} size="h6" mb={4}>
        {title}
      </Title>
      {commands.map((command) => (
        <KeyRow key={command.id} command={command} change={change} />
      ))}
    </section>
  );
}

/** One line above the list: what to do, or why a key was not taken and the way on. */
function News({ change }: { change: KeyChange }) {
  const { t } = useTranslation();
  const { slot, refusal, error } = change;
  if (error) return <ErrorPanel error={error} />;
  if (!slot) {
    return (
      <Text size="sm" c="dimmed">
        {t("keys.lead")}
      </Text>
    );
  }
  if (!refusal) return <Text size="sm">{t("keys.pressHint")}</Text>;
  const key = keyCaps(refusal.key).join(" + ");
  if (refusal.why === "browser") {
    return (
      <Text size="sm" c="orange">
        {t("keys.browser", { key })}
      </Text>
    );
  }
  return <Taken change={change} keyShown={key} refusal={refusal} />;
}

interface TakenProps {
  change: KeyChange;
  keyShown: string;
  refusal: Extract<KeyChange["refusal"], { why: "taken" }>;
}

function Taken({ change, keyShown, refusal }: TakenProps) {
  const { t } = useTranslation();
  const { slot, own } = change;
  const owners = refusal.by.flatMap(({ id }) => listed(id) ?? []).map((command) => t(command.label));
  const label = owners.join(", ");
  const old = slot ? keyIn(own, slot) : "";
  const given = old ? keyCaps(old).join(" + ") : t("keys.none");
  return (
    <Alert color="orange" variant="light" py={6} role="alert">
      <Group justify="space-between" gap="md">
        <Text size="sm">
          {t("keys.taken", { key: keyShown, label })}{" "}
          {refusal.canSwap ? t("keys.swapLead", { label, key: given }) : t("keys.noSwap", { key: given })}
        </Text>
        <Group gap="xs">
          {refusal.canSwap && (
            <Button size="xs" onClick={change.swap} autoFocus>
              {t("keys.swap")}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={change.leave}>
            {t("keys.keep")}
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
