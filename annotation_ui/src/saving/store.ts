import type { Entry } from "./changes";

/** Where unsent entries survive a reload, a crash and a lost network. */
export interface EntryStore {
  /** All entries in the order in which they were made. */
  all(): Entry[];
  put(entry: Entry): void;
  remove(id: string): void;
}

/**
 * Entries of one person in the browser's local storage, each under its own key, so that two tabs never write over one
 * another. Local storage and not IndexedDB: a write is done when the call returns, also while the page is being closed.
 */
export function localStore(user: number, storage: Storage = window.localStorage): EntryStore {
  const prefix = `affectory:unsent:${user}:`;
  return {
    all() {
      const entries: Entry[] = [];
      for (let place = 0; place < storage.length; place++) {
        const key = storage.key(place);
        if (!key?.startsWith(prefix)) continue;
        try {
          entries.push(JSON.parse(storage.getItem(key) ?? "") as Entry);
        } catch {
          // Somebody else's bytes under our name: leave them where they are.
        }
      }
      return entries.sort((a, b) => a.madeAt - b.madeAt);
    },
    put: (entry) => storage.setItem(prefix + entry.id, JSON.stringify(entry)),
    remove: (id) => storage.removeItem(prefix + id),
  };
}
