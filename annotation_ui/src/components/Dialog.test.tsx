import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { Providers } from "../shell/Providers";
import { Dialog } from "./Dialog";

function Page() {
  const [opened, setOpened] = useState(false);
  return (
    <Providers>
      <button type="button" onClick={() => setOpened(true)}>
        Open
      </button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title="Sure?">
        <button type="button">No</button>
        <button type="button" data-autofocus>
          Yes
        </button>
      </Dialog>
    </Providers>
  );
}

const button = (name: string) => screen.getByRole("button", { name });

test("the focus is inside as soon as the dialog is there, stays where it was moved to, and returns", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: false });
  render(<Page />);
  act(() => button("Open").focus());
  act(() => button("Open").click());
  expect(button("Yes")).toHaveFocus();
  act(() => button("No").focus());
  act(() => vi.runAllTimers());
  expect(button("No")).toHaveFocus();
  vi.useRealTimers();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(button("Open")).toHaveFocus();
});
