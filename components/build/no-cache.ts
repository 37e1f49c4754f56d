/** The variable with which `berth up --no-cache` has all images of its deployment built without the builder's cache. */
export const NO_CACHE = "BERTH_NO_CACHE";

/** Whether this deployment builds its images without the builder's cache. */
export function withoutCache(): boolean {
  return process.env[NO_CACHE] === "true";
}
