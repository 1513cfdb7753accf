import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema";
import type { Sent } from "./types";

/** What the server refused, or `code: "network"` and `status: 0` where it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, readonly string[]>> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Worth sending again unchanged: the server may well say yes later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }
}

function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRFToken", csrfToken());
    return request;
  },
};

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  fetch: (request) => globalThis.fetch(request),
});
api.use(csrf);

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** Return what the server sent, or throw an ApiError. An aborted call stays an AbortError. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<Sent<T>> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "network", error instanceof Error ? error.message : "The server cannot be reached.");
  }
  if (!answer.response.ok) throw refusal(answer.response.status, answer.error);
  return answer.data as Sent<T>;
}

/** Path parameters for one thing: the schema writes ids of most addresses as text. */
export function idPath(id: number): { path: { id: string } } {
  return { path: { id: String(id) } };
}

function refusal(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "code" in body) {
    const { code, message, fields } = body as { code: unknown; message?: unknown; fields?: Record<string, string[]> };
    return new ApiError(status, String(code), typeof message === "string" ? message : "", fields ?? {});
  }
  return new ApiError(status, status >= 500 ? "server_error" : "refused", `The server answered ${status}.`);
}
