/** Shell command that runs pack.mts in the project's folder. It is the same on every machine, so that plans do not differ. */
export const PACK = `node --eval 'import("berth/pack").then(({ pack }) => pack())'`;
