import { useTranslation } from "react-i18next";
import type { Primary, Vocabulary } from "../../api/types";
import { keyCaps } from "../../commands/keys";
import { useEmotionName } from "../../components/useEmotionName";
import classes from "./Wheel.module.css";
import { BANDS, bandPath, petalAngle, pointAt, RADIUS } from "./wheel";

interface Props {
  primaries: Vocabulary["primaries"];
  primary: string;
  fineGrained: string;
  disabled: boolean;
  /** The key of each petal. */
  keys: readonly string[];
  onPrimary: (primary: Primary) => void;
  onFine: (primary: Primary, fineGrained: string) => void;
}

const EDGE = RADIUS + 6;
/** Where on a petal its words stand: mild, middle, and the digit of its key. */
const MILD_AT = 157;
const MIDDLE_AT = 105;
const DIGIT_AT = 61;

/** Plutchik's wheel. The middle band answers the emotion, the outer and inner ones its strength as well. */
export function Wheel({ primaries, primary, fineGrained, disabled, keys, onPrimary, onFine }: Props) {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  const chosen = fineGrained || primary;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be an SVG
    <svg
      className={classes.wheel}
      viewBox={`${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}`}
      role="group"
      aria-label={t("states.wheel")}
      data-disabled={disabled || undefined}
      data-chosen={primary !== "" || undefined}
    >
      {primaries.map(({ name, fine_grained }, petal) => (
        <g key={name} className={classes.petal} data-petal={petal} data-selected={name === primary || undefined}>
          {fine_grained.map((fine, intensity) => {
            const isMiddle = intensity === 1;
            const choose = () => {
              // The middle band has the emotion's own name: a first click there still asks how strong it is.
              if (isMiddle && name !== primary) onPrimary(name as Primary);
              else onFine(name as Primary, fine);
            };
            return (
              // biome-ignore lint/a11y/useSemanticElements: a shape inside an SVG cannot be a button element
              <path
                key={fine}
                d={bandPath(petal, intensity)}
                className={classes.band}
                data-band={intensity}
                data-selected={(fine === fineGrained && name === primary) || undefined}
                role="button"
                tabIndex={isMiddle && !disabled ? 0 : -1}
                aria-disabled={disabled}
                aria-pressed={isMiddle ? name === primary : fine === fineGrained}
                aria-label={
                  isMiddle ? emotion(name) : t("states.pick", { primary: emotion(name), fine: emotion(fine) })
                }
                onClick={disabled ? undefined : choose}
                onKeyDown={(event) => {
                  if (disabled || (event.key !== "Enter" && event.key !== " ")) return;
                  event.preventDefault();
                  choose();
                }}
              >
                <title>{emotion(fine)}</title>
              </path>
            );
          })}
          <Word petal={petal} radius={MILD_AT} text={emotion(fine_grained[0] ?? "")} kind="mild" />
          <Word petal={petal} radius={MIDDLE_AT} text={emotion(name)} kind="middle" />
          <Word petal={petal} radius={DIGIT_AT} text={keyCaps(keys[petal] ?? "").join("+")} kind="digit" />
        </g>
      ))}
      <circle r={(BANDS[2]?.[0] ?? 0) - 3} className={classes.hub} />
      <text className={classes.chosen} textAnchor="middle" dominantBaseline="central" aria-hidden>
        {chosen ? emotion(chosen) : "?"}
      </text>
    </svg>
  );
}

function Word({ petal, radius, text, kind }: { petal: number; radius: number; text: string; kind: string }) {
  const [x, y] = pointAt(radius, petalAngle(petal));
  return (
    <text
      x={x}
      y={y}
      className={classes.word}
      data-kind={kind}
      textAnchor="middle"
      dominantBaseline="central"
      aria-hidden
    >
      {text}
    </text>
  );
}
