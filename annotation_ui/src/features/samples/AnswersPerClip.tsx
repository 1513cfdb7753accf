import { NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, idPath, unwrap } from "../../api/client";
import { inTurn } from "../../api/inTurn";
import type { ProjectSettings } from "../../api/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { settingsQuery } from "../projects/queries";

const CHOICES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** How many annotators answer for each clip (k of the protocol), also while a project runs. */
export function AnswersPerClip({ project, settings }: { project: number; settings: ProjectSettings }) {
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
  const shown = ask.isPending ? ask.variables : settings.answers_per_clip;
  return (
    <div>
      <NativeSelect
        label={t("samples.perClip")}
        description={t("samples.perClipLead")}
        styles={{ wrapper: { maxWidth: 340 } }}
        value={String(shown)}
        disabled={ask.isPending}
        onChange={(event) => ask.mutate(Number(event.currentTarget.value))}
        data={CHOICES.map((value) => ({
          value: String(value),
          label: value === 1 ? t("samples.perClipNone") : t("samples.perClipNeeds", { value, votes: votesFor(value) }),
        }))}
      />
      {ask.isError && <ErrorPanel error={ask.error} />}
    </div>
  );
}

/** How many must agree where all of so many name one emotion (rule 6). */
function votesFor(named: number): number {
  return Math.max(2, Math.floor(named / 2) + 1);
}
