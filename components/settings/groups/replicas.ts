import { number } from "../kinds.ts";
import { setting } from "../setting.ts";

/**
 * A number of equal containers, for the argument `replicas` of `WebService` or `Worker`.
 *
 * @example workers: replicaCount("worker containers that share the tasks")
 */
export function replicaCount(containers: string) {
  return setting(number(1, 20), { default: 1, description: `Number of ${containers}, 1 to 20.` });
}
