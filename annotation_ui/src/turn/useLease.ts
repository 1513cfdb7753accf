import { useEffect, useState } from "react";
import { ApiError, api, idPath, unwrap } from "../api/client";

const RENEW_EVERY_MS = 60_000;

/** Keep the turn while the page is open. Returns true once the server says that it is gone. */
export function useLease(assignment: number): boolean {
  const [lostTurn, setLostTurn] = useState<number>();
  useEffect(() => {
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
  }, [assignment]);
  return lostTurn === assignment;
}
