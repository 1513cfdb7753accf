import { api, idPath, unwrap } from "../api/client";
import type { Entry, Saved } from "./changes";

/** What a step of another kind would say. */
const SAYS_NOTHING = {
  relationship: "",
  back_to: "",
  reason: "",
  words: "",
  unsure: false,
  comment: "",
  duration_ms: 0,
} as const;

/** Tell the server of one change. The entry's id is the client id: sent twice it stays one change. */
export async function send({ id, assignment, change }: Entry): Promise<Saved> {
  const params = idPath(assignment);
  switch (change.type) {
    case "record": {
      const body = { client_id: id, time_ms: change.timeMs, playback_rate: change.rate };
      return { moment: await unwrap(api.POST("/api/assignments/{id}/moments/", { params, body })) };
    }
    case "remove":
    case "restore": {
      const url = `/api/assignments/{id}/moments/{moment_id}/${change.type}/` as const;
      const path = { ...params.path, moment_id: change.momentId };
      return { moment: await unwrap(api.POST(url, { params: { path }, body: { client_id: id } })) };
    }
    case "correction": {
      const body = { client_id: id, ...change.correction };
      const at = idPath(change.episode);
      await unwrap(api.POST("/api/dialogues/{id}/corrections/", { params: at, body }));
      return change;
    }
    case "comment": {
      const at = { path: { project_id: change.project, clip_id: change.clip } };
      const body = { client_id: id, text: change.text };
      await unwrap(api.POST("/api/projects/{project_id}/discussions/{clip_id}/comments/", { params: at, body }));
      return change;
    }
    case "lines": {
      const body = { client_id: id, lines: [...change.lines] };
      await unwrap(api.POST("/api/relating/{id}/lines/", { params, body }));
      return change;
    }
    case "step": {
      await unwrap(
        api.POST("/api/relating/{id}/steps/", { params, body: { ...SAYS_NOTHING, ...change.step, client_id: id } }),
      );
      return change;
    }
    case "remark": {
      await unwrap(api.POST("/api/relating/{id}/remarks/", { params, body: { client_id: id, ...change.remark } }));
      return change;
    }
    case "rating": {
      const { character, item, value } = change;
      const at = { path: { character_id: character } };
      const body = { client_id: id, item, value };
      await unwrap(api.POST("/api/personality/characters/{character_id}/answers/", { params: at, body }));
      return change;
    }
    case "watched": {
      const body = { spans: change.spans.map((span) => [...span]), position_ms: change.positionMs };
      // The page may be closing: the browser finishes a small request all the same.
      const call = api.POST("/api/assignments/{id}/watched/", { params, body, keepalive: true });
      return { watched: await unwrap(call) };
    }
    case "story": {
      const { project, episode, kind, shot } = change;
      const at = { path: { project_id: project, episode_id: episode } };
      const body = { client_id: id, kind, shot };
      await unwrap(api.POST("/api/projects/{project_id}/storyboards/{episode_id}/edits/", { params: at, body }));
      return change;
    }
    case "interaction": {
      const body = { client_id: id, ...change.mark };
      const at = { path: { assignment_id: assignment } };
      return {
        interaction: await unwrap(api.POST("/api/locating/{assignment_id}/interactions/", { params: at, body })),
      };
    }
    case "state": {
      const body = { client_id: id, ...change.answer };
      return { state: await unwrap(api.POST("/api/assignments/{id}/states/", { params, body })) };
    }
  }
}
