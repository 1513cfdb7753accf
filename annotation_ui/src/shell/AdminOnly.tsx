import { useQuery } from "@tanstack/react-query";
import { Outlet } from "react-router";
import { sessionQuery } from "../api/session";
import { NotFound } from "./NotFound";

/** The server decides who may read; this only spares others a page of refusals. */
export function AdminOnly() {
  const session = useQuery(sessionQuery);
  return session.data?.user?.is_admin ? <Outlet /> : <NotFound />;
}
