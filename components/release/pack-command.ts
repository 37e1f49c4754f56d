/** Runs pack.mts in the project's folder: one line for a shell, the same on every machine, so that no plan differs. */
export const PACK = `node --eval 'import("berth/pack").then(({ pack }) => pack())'`;
