import { nodeCall } from "../model/node-call";

/** The modules import sources without a named module system. */
const OPTIONS = ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"];

/** Runs reach.mts. */
export const REACH = nodeCall("reach", OPTIONS);
/** Runs server/prepare.mts. */
export const PREPARE = nodeCall("prepare", OPTIONS);
