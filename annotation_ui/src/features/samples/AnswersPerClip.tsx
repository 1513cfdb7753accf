import { NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, idPath, unwrap } from "../../api/client";
import { inTurn } from "../../api/inTurn";
import type { Project, ProjectSettings } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { settingsQuery } from "../projects/queries";

const CHOICES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

interface Props {
  project: number;
  protocol: Project["protocol"];
  settings: ProjectSettings;
}

/** How many annotators answer for each clip (k of the protocol), also while a project runs. */
export function AnswersPerClip({ project, protocol, settings }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const ask = useMutation({
    scope: inTurn(project),
    mutationFn: (answers_per_clip: number) =>
      unwrap(api.PATCH("/api/projects/{id}/settings/", { params: idPath(project), body: { answers_per_clip } })),
    onSuccess: (saved) => {
      client.setQueryData(settingsQuery(project).queryKey, saved);
      void client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  function labelOf(value: number): string {
    if (protocol !== "memor") return String(value);
    return value === 1 ? t("samples.perClipNone") : t("samples.perClipNeeds", { value, votes: votesFor(value) });
  }
  const shown = ask.isPending ? ask.variables : settings.answers_per_clip;
  return (
    <div>
      <NativeSelect
        label={t("samples.perClip")}
        description={t(protocol === "memor" ? "samples.perClipLead" : "samples.perClipPairs")}
        styles={{ wrapper: { maxWidth: 340 } }}
        value={String(shown)}
        disabled={ask.isPending}
        onChange={(event) => ask.mutate(Number(event.currentTarget.value))}
        data={CHOICES.map((value) => ({ value: String(value), label: labelOf(value) }))}
      />
      {ask.isError && <ErrorPanel error={ask.error} />}
    </div>
  );
}

/** How many must agree where all of so many name one emotion (rule 6). */
function votesFor(named: number): number {
  return Math.max(2, Math.floor(named / 2) + 1);
}
