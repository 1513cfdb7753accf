import { useTranslation } from "react-i18next";
import classes from "./Face.module.css";
import type { Person } from "./interactions";

type Named = Pick<Person, "name" | "number" | "face_url">;

/** What somebody is called: the character's name, else the number of the face. */
export function usePersonName(): (person: Pick<Named, "name" | "number">) => string {
  const { t } = useTranslation();
  return (person) => person.name || t("locate.person", { number: person.number });
}

/** A face as large as a line of text; its name stands beside it, or in its title. */
export function Face({ person, size = 22, isNamed = false }: { person: Named; size?: number; isNamed?: boolean }) {
  const name = usePersonName()(person);
  const box = { width: size, height: size };
  const alt = isNamed ? "" : name;
  return person.face_url ? (
    <img className={classes.face} src={person.face_url} alt={alt} title={name} style={box} />
  ) : (
    <span className={classes.face} title={name} style={box}>
      {person.number}
    </span>
  );
}
