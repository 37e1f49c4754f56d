/** Runs reach.mts in the project's folder: one line for a shell, the same on every machine, so that no plan differs. */
export const REACH = `node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON --eval 'import("berth/reach").then(({ reach }) => reach())'`;
