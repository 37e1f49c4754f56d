import * as berth from "berth";
import type { Config } from "./config";

/** Development only: web pages to inspect the stores, and a demo account. */
export function development({ values }: Config, networks: berth.Network[], redis: berth.Redis) {
  const { adminerPort, redisCommanderPort } = values;
  if (adminerPort) new berth.Adminer("adminer", { networks, loopbackPort: adminerPort });
  if (redisCommanderPort) {
    new berth.RedisCommander("redis-commander", { networks, redis, loopbackPort: redisCommanderPort });
  }
  return {
    /** Arguments of the application's image. */
    target: values.liveReload ? "development" : "production",
    /** Password of the demo account. */
    seedPassword: values.appEnv === "development" ? new berth.Secret("seed-password", { length: 20 }) : undefined,
  };
}
