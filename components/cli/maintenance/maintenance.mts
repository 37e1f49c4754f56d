import { actorIn } from "../../release/actor.mts";
import { onServer } from "../../remote/run.mts";
import { audit } from "../audit/audit.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { hint } from "../terminal/hint.mts";
import { addressesOf } from "./addresses.mts";
import type { Maintenance } from "./description.mts";
import { maintenancePage } from "./page.mts";

export type Wishes = Pick<Maintenance, "message" | "retryAfter" | "allow">;

/** Shows visitors the maintenance page, with other words and addresses if it is on already. */
export async function turnOn(stack: Stack, { message, retryAfter, allow }: Wishes): Promise<void> {
  const addresses = addressesOf(allow);
  const { place } = await deployedStack(stack);
  const state: Maintenance = { since: new Date().toISOString(), by: actorIn("."), message, retryAfter, allow };
  const { html, json } = maintenancePage(message);
  const texts = [html, json, JSON.stringify(state)].map((text) => Buffer.from(text).toString("base64"));
  await onServer(place, "maintenance.sh", { words: ["on", String(retryAfter), ...texts, ...addresses] });
  await audit(place, "maintenance", { state: "on", message });
  console.log(
    `Visitors of the stack ${stack.name} get the maintenance page (503) within two seconds, and are asked to try again after ${retryAfter} s.\n` +
      `Releases and reboots do not end it. To end it: ${hint(stack.name, "maintenance", "off")}`,
  );
}

export async function turnOff(stack: Stack): Promise<void> {
  const { place } = await deployedStack(stack);
  await onServer(place, "maintenance.sh", { words: ["off"] });
  await audit(place, "maintenance", { state: "off" });
  console.log(`The stack ${stack.name} serves its visitors again within two seconds.`);
}
