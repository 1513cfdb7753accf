import { Kbd } from "@mantine/core";
import { keyCaps } from "./keys";

export function KeyCaps({ keyName, size = "xs" }: { keyName: string; size?: "xs" | "sm" }) {
  return (
    <span aria-hidden style={{ display: "inline-flex", gap: 3, alignItems: "center", whiteSpace: "nowrap" }}>
      {keyCaps(keyName).map((cap) => (
        <Kbd key={cap} size={size}>
          {cap}
        </Kbd>
      ))}
    </span>
  );
}
