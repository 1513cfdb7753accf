/**
 * Changes of one project's settings, and what is done with them, are sent one after another in the order in which
 * they were made: a draw uses the share written just before it, and the answer to an older change never comes last.
 */
export const inTurn = (project: number) => ({ id: `projects/${project}/settings` });
