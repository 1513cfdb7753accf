import { NumberInput } from "@mantine/core";

interface Props {
  label: string;
  description?: string;
  value: number;
  min: number;
  max: number;
  suffix?: string;
  onDecide: (value: number) => void;
}

/** A number that counts once it is written: with Enter, or when the field is left. */
export function NumberSetting({ label, description, value, min, max, suffix = "", onDecide }: Props) {
  const decide = (text: string) => {
    const written = Number.parseInt(text, 10);
    if (!Number.isFinite(written)) return;
    const within = Math.min(Math.max(written, min), max);
    if (within !== value) onDecide(within);
  };
  return (
    <NumberInput
      key={value}
      label={label}
      description={description}
      defaultValue={value}
      min={min}
      max={max}
      suffix={suffix}
      allowDecimal={false}
      maw={300}
      size="sm"
      onBlur={(event) => decide(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}
