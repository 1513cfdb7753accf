import { analysis } from "./analysis";
import { calibration } from "./calibration";
import { clips } from "./clips";
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
import { quality } from "./quality";
import { relate } from "./relate";
import { report } from "./report";
import { runs } from "./runs";
import { samples } from "./samples";
import { shell } from "./shell";
import { states } from "./states";
import { statistics } from "./statistics";
import { storyboard } from "./storyboard";

/** All texts in English, a file a room. `zh/` has the same keys: a missing one does not compile. */
export const en = {
  ...shell,
  ...analysis,
  ...calibration,
  ...keys,
  ...exemplars,
  ...player,
  ...personality,
  ...moments,
  ...clips,
  ...locate,
  ...storyboard,
  ...states,
  ...dialogue,
  ...people,
  ...episodes,
  ...projects,
  ...quality,
  ...relate,
  ...report,
  ...runs,
  ...samples,
  ...statistics,
};
