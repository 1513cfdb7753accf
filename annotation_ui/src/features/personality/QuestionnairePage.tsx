import { Container, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useOutbox } from "../../saving/SavingProvider";
import { NotFound } from "../../shell/NotFound";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { Questionnaire } from "./Questionnaire";
import { instrumentsQuery, personalityQuery } from "./queries";

/** A questionnaire about one character, to fill in, to go on with, or to correct. */
export function QuestionnairePage() {
  const { instrument: key } = useParams();
  const outbox = useOutbox();
  const personality = useQuery({
    ...personalityQuery(useIdInUrl(), outbox),
    // Asked once: what is answered on this page is known here.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const instruments = useQuery(instrumentsQuery);
  const failed = personality.isError ? personality : instruments.isError ? instruments : undefined;
  if (failed) return <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!(personality.data && instruments.data)) {
    return (
      <Container size="lg" py="md">
        <Skeleton height={420} radius="md" />
      </Container>
    );
  }
  const instrument = instruments.data.find((one) => one.key === key);
  return instrument ? <Questionnaire loaded={personality.data} instrument={instrument} /> : <NotFound />;
}
