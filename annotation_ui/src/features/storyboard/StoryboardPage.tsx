import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useOutbox } from "../../saving/SavingProvider";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { Board } from "./Board";
import { storyboardQuery } from "./queries";

/** An episode as pictures, one a shot: which of them form a scene. */
export function StoryboardPage() {
  const project = useIdInUrl();
  const episode = Number(useParams().episode);
  const query = useQuery(storyboardQuery(project, episode, useOutbox()));
  if (query.data) return <Board key={episode} project={project} episode={episode} {...query.data} />;
  if (query.isPending) return <Skeleton height="100%" />;
  return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
}
