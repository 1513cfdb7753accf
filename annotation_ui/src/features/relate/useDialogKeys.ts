import { useEffect, useLayoutEffect, useRef } from "react";

interface Keys {
  /** 1 to 9. */
  digit: (place: number) => void;
  enter: () => void;
}

/**
 * Digits and Enter of an open dialog, outside its text fields. They are heard on the window: they mean the same wherever
 * in the dialog the focus is, and after a click beside its fields.
 */
export function useDialogKeys(opened: boolean, keys: Keys): void {
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!opened) return;
    function onKeyDown(event: KeyboardEvent) {
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (target instanceof HTMLTextAreaElement || target instanceof HTMLButtonElement) return;
      if (event.key === "Enter") latest.current.enter();
      else if (/^[1-9]$/.test(event.key)) latest.current.digit(Number(event.key) - 1);
      else return;
      event.preventDefault();
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [opened]);
}
