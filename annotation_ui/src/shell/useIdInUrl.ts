import { useParams } from "react-router";

/** The `:id` of the address; NaN for anything that is no number, which the server answers with "not found". */
export function useIdInUrl(): number {
  return Number(useParams().id);
}
