import { Modal, type ModalProps } from "@mantine/core";
import type { FocusEvent } from "react";

/** What the focus trap takes for the first: in a dialog, where the focus begins. */
const FIRST = "data-autofocus";

/**
 * A dialog whose keys work as soon as it can be seen: the focus is on its `data-autofocus` when it enters the document.
 *
 * Mantine's focus trap moves it there with a timer, twice; keys pressed before that went nowhere, and who had gone on
 * to the next button was taken back. The focus returns to where it was.
 */
export function Dialog({ children, ...props }: ModalProps) {
  return (
    <Modal returnFocus={false} {...props}>
      <div ref={takeFocus} onFocusCapture={stayWhereMovedTo}>
        {children}
      </div>
    </Modal>
  );
}

function takeFocus(inside: HTMLDivElement) {
  const before = document.activeElement;
  inside.querySelector<HTMLElement>(`[${FIRST}]`)?.focus({ preventScroll: true });
  return () => {
    const isFree = document.activeElement === document.body || inside.contains(document.activeElement);
    if (isFree && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}

function stayWhereMovedTo({ currentTarget, target }: FocusEvent<HTMLDivElement>) {
  for (const old of currentTarget.querySelectorAll(`[${FIRST}]`)) if (old !== target) old.removeAttribute(FIRST);
  target.setAttribute(FIRST, "true");
}
