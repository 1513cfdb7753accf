import { Button, Center, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { AssignmentDetail } from "../api/types";
import { ErrorPanel } from "../components/ErrorPanel";
import { Notice } from "../components/Notice";
import type { useTurn } from "./useTurn";

interface Props {
  query: Pick<ReturnType<typeof useTurn>, "turn" | "isPending" | "error" | "refetch">;
  empty: { title: string; text: string };
  children: (turn: AssignmentDetail) => ReactNode;
}

/** Waits for a turn, and says so where none is to be had. */
export function TurnGate({ query, empty, children }: Props) {
  const { t } = useTranslation();
  if (query.isPending) {
    return (
      <Center h="100%">
        <Loader aria-label={t("app.loading")} />
      </Center>
    );
  }
  if (query.turn === undefined) {
    return (
      <Center h="100%">
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </Center>
    );
  }
  if (query.turn === null) {
    return (
      <Notice title={empty.title} text={empty.text}>
        <Button component={Link} to="/" variant="light">
          {t("app.home")}
        </Button>
      </Notice>
    );
  }
  return children(query.turn);
}
