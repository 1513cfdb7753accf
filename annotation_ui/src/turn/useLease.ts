import { useEffect, useState } from "react";
import { ApiError, api, idPath, unwrap } from "../api/client";

const RENEW_EVERY_MS = 60_000;

/**
 * Keep the turn while the page is open. Returns true once the server says that it is gone. A turn that is done needs no
 * keeping: `isHeld` is false.
 */
export function useLease(assignment: number, isHeld = true): boolean {
  const [lostTurn, setLostTurn] = useState<number>();
  useEffect(() => {
    if (!isHeld) return;
    let left = false;
    async function renew() {
      try {
        await unwrap(api.POST("/api/assignments/{id}/renew/", { params: idPath(assignment) }));
      } catch (error) {
        // Anything else than a lost lease passes: the next minute asks again.
        if (!left && error instanceof ApiError && error.code === "lease_lost") setLostTurn(assignment);
      }
    }
    function onVisible() {
      if (document.visibilityState === "visible") void renew(); // a sleeping computer runs no timers
    }
    const timer = setInterval(() => void renew(), RENEW_EVERY_MS);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      left = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [assignment, isHeld]);
  return lostTurn === assignment;
}
