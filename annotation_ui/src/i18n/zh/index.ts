import { episodes } from "./episodes";
import { moments } from "./moments";
import { player } from "./player";
import { projects } from "./projects";
import { shell } from "./shell";
import { states } from "./states";

/** All texts in simplified Chinese. */
export const zh = { ...shell, ...player, ...moments, ...states, ...episodes, ...projects };
