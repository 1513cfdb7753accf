import { calibration } from "./calibration";
import { dialogue } from "./dialogue";
import { episodes } from "./episodes";
import { exemplars } from "./exemplars";
import { keys } from "./keys";
import { locate } from "./locate";
import { moments } from "./moments";
import { people } from "./people";
import { personality } from "./personality";
import { player } from "./player";
import { projects } from "./projects";
import { report } from "./report";
import { runs } from "./runs";
import { samples } from "./samples";
import { shell } from "./shell";
import { states } from "./states";
import { statistics } from "./statistics";

/** All texts in simplified Chinese. */
export const zh = {
  ...shell,
  ...calibration,
  ...keys,
  ...exemplars,
  ...player,
  ...personality,
  ...moments,
  ...locate,
  ...states,
  ...dialogue,
  ...people,
  ...episodes,
  ...projects,
  ...report,
  ...runs,
  ...samples,
  ...statistics,
};
