import { ActionIcon, Badge, type CSSVariablesResolver, createTheme, Modal, Tooltip } from "@mantine/core";

/** No font comes from elsewhere: what the computer has, Chinese included. */
const FONTS =
  'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 5 },
  colors: {
    ink: ["#eef2ff", "#dde4fa", "#b9c6f0", "#94a8e8", "#7590e2", "#6080de", "#4d6fd3", "#3f5fc2", "#3450a6", "#2b4289"],
    dark: [
      "#d6d9e0",
      "#b0b5c0",
      "#8b919e",
      "#5d6370",
      "#3b404c",
      "#2c3039",
      "#1f232b",
      "#1b1e25",
      "#13151a",
      "#0f1115",
    ],
  },
  fontFamily: FONTS,
  headings: { fontFamily: FONTS, fontWeight: "620" },
  defaultRadius: "md",
  autoContrast: true,
  components: {
    // Dialogs (components/Dialog) appear at once: the keys of the page are off while one is in the document.
    Modal: Modal.extend({ defaultProps: { transitionProps: { duration: 0 }, centered: true } }),
    // A badge's few words are what it is for: beside long text it gives no room away.
    Badge: Badge.extend({ defaultProps: { miw: "max-content" } }),
    ActionIcon: ActionIcon.extend({ classNames: { root: "quiet-when-disabled" } }),
    Tooltip: Tooltip.extend({ defaultProps: { transitionProps: { duration: 80 } } }),
  },
});

/** Words in grey still have a contrast of 5 : 1 on every panel. */
export const colours: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "#59616f", "--mantine-color-text": "#1a1e27" },
  dark: { "--mantine-color-dimmed": "#9aa2b1", "--mantine-color-text": "#e4e7ec" },
});
