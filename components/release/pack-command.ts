import { nodeCall } from "../model/node-call";

/** Runs pack.mts. */
export const PACK = nodeCall("pack");
