import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { Providers } from "../shell/Providers";
import { keepPreferences, PLAIN, readPreferences, usePlayerPreferences } from "./preferences";
import { usePlayer } from "./usePlayer";

test("preferences are kept for each person, and nonsense counts as none", () => {
  keepPreferences(7, { rate: 1.5, volume: 0.3, muted: true, showLines: false });
  expect(readPreferences(7)).toEqual({ rate: 1.5, volume: 0.3, muted: true, showLines: false });
  expect(readPreferences(8)).toEqual(PLAIN);
  for (const nonsense of ["{", "null", '{"rate": 9, "volume": 7, "muted": "x", "showLines": 1}']) {
    localStorage.setItem("affectory:player:8", nonsense);
    expect(readPreferences(8)).toEqual(PLAIN);
  }
});

test("the next page plays as the last one did", () => {
  function usePage() {
    const player = usePlayer();
    return { player, ...usePlayerPreferences(player) };
  }
  const first = renderHook(usePage, { wrapper: Providers });
  act(() => {
    first.result.current.player.changeRate(2);
    first.result.current.player.setVolume(0.4);
    first.result.current.toggleLines();
  });
  first.unmount();
  const next = renderHook(usePage, { wrapper: Providers });
  expect(next.result.current.player.snapshot).toMatchObject({ rate: 1.5, volume: 0.4, muted: false });
  expect(next.result.current.showLines).toBe(false);
});
