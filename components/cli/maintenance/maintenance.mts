import { labelIn, labelsIn } from "../../model/labels.ts";
import { Problem } from "../../model/problem.ts";
import { currentOf, type State, serverIn } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import { actorIn } from "../../release/actor.mts";
import type { Place } from "../../remote/place.mts";
import { onServer } from "../../remote/run.mts";
import { audit } from "../audit/audit.mts";
import type { Stack } from "../project/stack.mts";
import { askOthers } from "../state/others.mts";
import { type Deployed, deployedStack } from "../state/state.mts";
import { hint } from "../terminal/hint.mts";
import { addressesOf } from "./addresses.mts";
import type { Maintenance } from "./description.mts";
import { maintenancePage } from "./page.mts";

export type Wishes = Pick<Maintenance, "message" | "retryAfter" | "allow">;

/** Shows visitors the maintenance page, with other words and addresses if it is on already. */
export async function turnOn(stack: Stack, { message, retryAfter, allow }: Wishes): Promise<void> {
  const addresses = addressesOf(allow);
  const deployed = await deployedStack(stack);
  const state: Maintenance = { since: new Date().toISOString(), by: actorIn("."), message, retryAfter, allow };
  const { html, json } = maintenancePage(message);
  const texts = [html, json, JSON.stringify(state)].map((text) => Buffer.from(text).toString("base64"));
  await onEdges(deployed, ["on", String(retryAfter), ...texts, ...addresses]);
  await audit(deployed.place, "maintenance", { state: "on", message });
  console.log(
    `Visitors of the stack ${stack.name} get the maintenance page (503) within two seconds, and are asked to try again after ${retryAfter} s.\n` +
      `Releases and reboots do not end it. To end it: ${hint(stack.name, "maintenance", "off")}`,
  );
}

export async function turnOff(stack: Stack): Promise<void> {
  const deployed = await deployedStack(stack);
  await onEdges(deployed, ["off"]);
  await audit(deployed.place, "maintenance", { state: "off" });
  console.log(`The stack ${stack.name} serves its visitors again within two seconds.`);
}

/** Runs maintenance.sh on each server that has an nginx of the stack. @throws Problem that names those that do not answer. */
async function onEdges({ state, place, others }: Deployed, words: string[]): Promise<void> {
  const edges = serversWithEdge(state);
  const turn = (edge: Place) => onServer(edge, "maintenance.sh", { words });
  if (edges.has("") || others.length === 0) await turn(place);
  const { problems } = await askOthers(
    others.filter(({ name }) => edges.has(name)),
    turn,
    "its visitors see no change",
  );
  if (problems.length > 0) throw new Problem(`${problems.join("\n")}\nRun the command again when it answers.`);
}

/** Names of the servers with an nginx of the stack; empty for the one with the data. */
function serversWithEdge(state: State): Set<string> {
  const edges = currentOf(state, TYPES.container).filter(
    ({ inputs }) => labelIn(labelsIn(inputs?.["labels"]), "healthPath") !== undefined,
  );
  return new Set(edges.map(serverIn(state)));
}
