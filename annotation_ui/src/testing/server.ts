import { HttpResponse, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import type { paths } from "../api/schema";
import type { Session, User } from "../api/types";
import { anna, pageOf, project, vocabulary } from "./data";

type Method = "get" | "post" | "patch" | "delete";

/** `/api/things/{id}/` of the schema as msw writes it. A path that the schema does not have does not compile. */
export function on(
  method: Method,
  path: keyof paths,
  answer: (request: { params: Record<string, string>; body: unknown }) => Response | Promise<Response> | JsonBodyType,
) {
  const pattern = `${window.location.origin}${path.replace(/\{(\w+)\}/g, ":$1")}`;
  return http[method](pattern, async ({ params, request }) => {
    const text = await request.text();
    const given = await answer({ params: params as Record<string, string>, body: text ? JSON.parse(text) : undefined });
    return given instanceof Response ? given : HttpResponse.json(given);
  });
}

export function refused(status: number, code: string, message = "", fields: Record<string, string[]> = {}): Response {
  return HttpResponse.json({ code, message, fields }, { status });
}

export function session(user: User | null): Session {
  return { user, csrf_token: "token" };
}

export const server = setupServer(
  on("get", "/api/session/", () => session(anna)),
  on("get", "/api/vocabulary/", () => vocabulary),
  on("get", "/api/projects/{id}/", () => project),
  on("get", "/api/projects/{project_id}/turns/", () => pageOf()),
  on("get", "/api/projects/{project_id}/upcoming/", () => new HttpResponse(null, { status: 204 })),
  on("get", "/api/projects/{project_id}/exemplars/", () => []),
  on("post", "/api/assignments/{id}/renew/", () => ({ leased_until: "2030-01-01T00:00:00Z" })),
);
