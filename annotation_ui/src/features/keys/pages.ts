import type { Command } from "../../commands/commands";
import { dialogueCommands } from "../dialogue/commands";
import { discussionCommands } from "../discussions/commands";
import { homeCommands } from "../home/commands";
import { locateCommands } from "../locate/commands";
import { momentsCommands } from "../moments/commands";
import { peopleCommands } from "../people/commands";
import { questionnaireCommands } from "../personality/commands";
import { relateCommands } from "../relate/commands";
import { runCommands } from "../runs/commands";
import { emotionsCommands } from "../samples/commands";
import { statesCommands } from "../states/commands";
import { storyboardCommands } from "../storyboard/commands";

/** A command as the page of keys knows it. */
export type Listed = Pick<Command<never>, "id" | "keys" | "label">;

/** Every page whose keys can be changed. A page with commands of its own is one line here. */
export const PAGES: readonly {
  id:
    | "home"
    | "moments"
    | "states"
    | "personality"
    | "emotions"
    | "locate"
    | "storyboard"
    | "dialogue"
    | "people"
    | "runs"
    | "discussion"
    | "relate";
  commands: readonly Listed[];
}[] = [
  { id: "states", commands: statesCommands },
  { id: "moments", commands: momentsCommands },
  { id: "locate", commands: locateCommands },
  { id: "storyboard", commands: storyboardCommands },
  { id: "relate", commands: relateCommands },
  { id: "people", commands: peopleCommands },
  { id: "dialogue", commands: dialogueCommands },
  { id: "personality", commands: questionnaireCommands },
  { id: "home", commands: homeCommands },
  { id: "emotions", commands: emotionsCommands },
  { id: "runs", commands: runCommands },
  { id: "discussion", commands: discussionCommands },
];

export const TABLES = PAGES.map(({ commands }) => commands);

const byId = new Map(TABLES.flat().map((command) => [command.id, command]));
const pagesOf = (id: string) => TABLES.filter((table) => table.some((command) => command.id === id)).length;

/** What stands on several pages is listed once. */
export const SHARED: readonly Listed[] = [...byId.values()].filter(({ id }) => pagesOf(id) > 1);

export function listed(id: string): Listed | undefined {
  return byId.get(id);
}
