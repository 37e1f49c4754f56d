import { nodeCall } from "../model/node-call";

/** Runs reach.mts, which imports sources without a named module system. */
export const REACH = nodeCall("reach", ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"]);
