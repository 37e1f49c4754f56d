import { nodeCall } from "../model/node-call";

/** Runs reach.mts. */
export const REACH = nodeCall("reach");
/** Runs server/prepare.mts. */
export const PREPARE = nodeCall("prepare");
/** Runs swarm/join.mts. */
export const JOIN = nodeCall("join");
/** Runs swarm/leave.mts. */
export const LEAVE = nodeCall("leave");
