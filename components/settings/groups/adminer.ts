import { toolPort } from "../kinds.ts";
import { setting } from "../setting.ts";

/** The setting of an `Adminer`: `adminerPort`, undefined for none. */
export const adminerSettings = {
  adminerPort: setting(toolPort, {
    default: 0,
    description: "Port of Adminer, a web page to inspect the database, on the server's loopback address. 0: none.",
  }),
};
