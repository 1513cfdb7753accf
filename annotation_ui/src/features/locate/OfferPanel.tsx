import { Text, Title } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { CommandButton, CommandIcon } from "../../commands/CommandButton";
import type { Commands } from "../../commands/useCommands";
import { clockText } from "../../media/timecode";
import { Face, usePersonName } from "./Face";
import type { Person } from "./interactions";
import classes from "./OfferPanel.module.css";
import type { LocatingDesk } from "./useLocating";

interface Props {
  commands: Commands;
  desk: LocatingDesk;
  people: readonly Person[];
}

const ICON = { size: 18, stroke: 1.7 } as const;

/** The suggestion that is looked at: who, when, and the keys that take or refuse it. It always has its room. */
export function OfferPanel({ commands, desk, people }: Props) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const { offer, offers } = desk;
  const two = offer?.people.flatMap((id) => people.find((person) => person.id === id) ?? []) ?? [];
  return (
    <section className={classes.panel} aria-label={t("locate.laneOffers")}>
      <header className={classes.head}>
        <Title order={2} size="h6">
          {t("locate.offers", { count: offers.length })}
        </Title>
        <span className={classes.space} />
        <CommandIcon command={commands.get("locate.offerBefore")} icon={<IconChevronLeft {...ICON} />} />
        <CommandIcon command={commands.get("locate.offerNext")} icon={<IconChevronRight {...ICON} />} />
      </header>
      {offer ? (
        <>
          <button type="button" className={classes.offer} onClick={() => desk.showOffer(offer)}>
            <span className={classes.faces}>
              {two.map((person) => (
                <Face key={person.id} person={person} size={40} isNamed />
              ))}
            </span>
            <span className={classes.words}>
              <span className={classes.names}>{two.map(nameOf).join(" · ")}</span>
              <Text span size="sm" c="dimmed">
                {t("locate.offerSpan", {
                  start: clockText(offer.start_ms, true),
                  seconds: seconds(offer.end_ms - offer.start_ms),
                })}
              </Text>
            </span>
          </button>
          <div className={classes.answers}>
            <CommandButton command={commands.get("locate.accept")} label="locate.acceptShort" size="xs" />
            <CommandButton
              command={commands.get("locate.refuse")}
              label="locate.refuseShort"
              size="xs"
              variant="default"
            />
          </div>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {t("locate.noOffers")}
        </Text>
      )}
    </section>
  );
}

/** Seconds with one decimal. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
