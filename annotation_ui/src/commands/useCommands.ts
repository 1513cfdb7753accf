import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { type BoundCommand, type Command, commandForKey } from "./commands";
import { isTyping, keyName, takesActivation } from "./keys";
import { useOwnKeys, withOwnKeys } from "./ownKeys";

export interface Commands {
  all: readonly BoundCommand[];
  /** The command of that id; throws for an id the table does not have. */
  get: (id: string) => BoundCommand;
}

/**
 * Tie a command table to a page: its keys, or those that the person chose, work while the page is shown, outside text fields and with no dialog open.
 *
 * A click on a button leaves the focus where it was, so that the next Space still belongs to the page. Who reaches a
 * button with Tab keeps Space and Enter for it.
 */
export function useCommands<Context>(table: readonly Command<Context>[], context: Context): Commands {
  const own = useOwnKeys();
  const commands = useMemo(() => withOwnKeys(table, own), [table, own]);
  const latest = useRef(context);
  useLayoutEffect(() => {
    latest.current = context;
  });

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const key = keyName(event);
      if (key === null || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector("[role=dialog]") || isTyping(document.activeElement)) return;
      if ((key === "space" || key === "enter") && takesActivation(document.activeElement)) return;
      const command = commandForKey(commands, key);
      if (!command) return;
      event.preventDefault();
      if (event.repeat && !command.repeats) return;
      if (command.available?.(latest.current) ?? true) command.run(latest.current, command.keys.indexOf(key));
    }
    function onMouseDown(event: MouseEvent) {
      const target = event.target instanceof Element ? event.target : null;
      if (!takesActivation(target) || isTyping(target?.closest("input, select") ?? null)) return;
      event.preventDefault();
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    }
    window.addEventListener("keydown", onKeyDown);
    window.addEventListener("mousedown", onMouseDown);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
      window.removeEventListener("mousedown", onMouseDown);
    };
  }, [commands]);

  const bind = useCallback(
    (command: Command<Context>): BoundCommand => ({
      id: command.id,
      keys: command.keys,
      label: command.label,
      group: command.group,
      disabled: !(command.available?.(context) ?? true),
      run: () => command.run(latest.current, 0),
    }),
    [context],
  );
  return {
    all: commands.map(bind),
    get: (id) => {
      const command = commands.find((one) => one.id === id);
      if (!command) throw new Error(`This page has no command "${id}".`);
      return bind(command);
    },
  };
}
