import * as berth from "berth";
import type { Config } from "./config";

/** What is there for development only, and none of it in production: pages to look into the stores, and an account to look at. */
export function development({ values }: Config, networks: berth.Network[], redis: berth.Redis) {
  const { adminerPort, redisCommanderPort } = values;
  if (adminerPort) new berth.Adminer("adminer", { networks, loopbackPort: adminerPort });
  if (redisCommanderPort) {
    new berth.RedisCommander("redis-commander", { networks, redis, loopbackPort: redisCommanderPort });
  }
  return {
    /** Of the application's image. */
    target: values.liveReload ? "development" : "production",
    /** Of the account in the seed data. */
    seedPassword: values.appEnv === "development" ? new berth.Secret("seed-password", { length: 20 }) : undefined,
  };
}
