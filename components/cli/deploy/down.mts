import { Problem } from "../../model/problem.ts";
import { currentOf, type Resource, type State, sshPrefixOf } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import type { Place } from "../../remote/place.mts";
import { onServer } from "../../remote/run.mts";
import { audit } from "../audit/audit.mts";
import { removeNotDeployed } from "../drift/drift.mts";
import { type DeployLock, withDeployLock } from "../lock/deploy-lock.mts";
import { mergedSettings } from "../project/merged-settings.mts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";
import { findState } from "../state/state.mts";
import { consent } from "../terminal/ask.mts";
import { hint } from "../terminal/hint.mts";
import { pulumiDestroy } from "./engine-calls.mts";

interface Wishes {
  /** Consent was given on the command line. */
  yes: boolean;
  /** Delete the volumes of a stack on this machine too. */
  deleteData: boolean;
  /** Seconds to wait for another deployment. Default: 0. */
  lockWait?: number;
}

/** Destroys a stack, after printing what is deleted and what is kept. @throws Problem without consent, or if Pulumi fails. */
export async function destroy(stack: Stack, wishes: Wishes): Promise<void> {
  if (wishes.deleteData) refuseOnServer(stack, await requireState(stack));
  await withDeployLock(stack, wishes.lockWait ?? 0, (lock) => destroyLocked(stack, wishes, lock));
}

async function requireState(stack: Stack): Promise<State> {
  const state = await findState(stack);
  if (state) return state;
  throw new Problem(`There is no stack ${stack.name}, so there is nothing to destroy.`);
}

async function destroyLocked(stack: Stack, { yes, deleteData }: Wishes, { started }: DeployLock): Promise<void> {
  const state = await requireState(stack);
  const data = deleteData ? await localData(stack) : undefined;
  const settings = mergedSettings(stack);
  const messages = messagesFor(state, stack.name, data?.volumes);
  console.log(messages.before);
  const without = hint(stack.name, "down", "--yes", ...(deleteData ? ["--delete-data"] : []));
  await consent({ yes, question: messages.question, word: messages.word, without });
  // Containers left by a killed deployment would still use networks and volumes. Pulumi reports an unreachable server.
  await removeNotDeployed(stack).catch(() => undefined);
  const status = await pulumiDestroy(stack, { settings, started });
  const sshPrefix = sshPrefixOf(state);
  if (sshPrefix !== undefined) {
    const place = placeOf(stack, sshPrefix);
    await audit(place, "down", status === 0 ? {} : { result: "failed" });
  }
  if (status !== 0) throw new Problem("", status);
  if (data) await onServer(data.place, "remove.sh", { words: data.volumes.map((name) => `volume=${name}=`) });
  console.log(messages.after);
}

/** @throws Problem on a server, where deleting data takes two commands. */
function refuseOnServer({ name }: Stack, state: State): void {
  if (sshPrefixOf(state) === "") return;
  throw new Problem(
    `--delete-data is for a stack that runs on this machine. Nothing was changed. To delete the data of ${name}: pulumi config set forceDestroyData ${name} --stack ${name}, then ${hint(name, "up")} and ${hint(name, "down")}`,
  );
}

/** The volumes of a stack on this machine. */
async function localData(stack: Stack): Promise<{ place: Place; volumes: string[] }> {
  const place = placeOf(stack, "");
  const printed = await onServer(place, "volumes.sh");
  return { place, volumes: printed.split("\n").filter((line) => line !== "") };
}

/** Messages before and after the destruction, and the question, depending on what happens to the data. */
function messagesFor(state: State, stack: string, deletedToo?: string[]) {
  const volumes = currentOf(state, TYPES.volume);
  const [kept, deleted] = [volumes.filter(isKept), volumes.filter((one) => !isKept(one))].map((some) =>
    some.map(volumeName),
  );
  const containers = currentOf(state, TYPES.container).length;
  const door =
    currentOf(state, TYPES.door).length === 0
      ? ""
      : "\nThe front door of the server no longer passes its names. It stays for the other sites, and is removed with the last one.";
  const intro = `This destroys the stack ${stack}: ${containers} ${containers === 1 ? "container" : "containers"}, its networks and its secrets.${door}`;
  const lost = deletedToo ?? deleted ?? [];
  if (lost.length > 0) {
    const because = deletedToo ? "as --delete-data requests" : "because forceDestroyData names the stack";
    return {
      before: `${intro}\nIt also DELETES ITS DATA, ${because}: the volumes ${lost.join(", ")}.`,
      question: "Destroy the stack and its data?",
      word: stack,
      after: "The stack and its data are deleted.",
    };
  }
  const volumeList = `the volumes ${kept?.join(", ")}`;
  return {
    before: `${intro}\n${volumes.length === 0 ? "It has no data." : `Its data is kept on the server: ${volumeList}.`}`,
    question: "Destroy the stack?",
    word: undefined,
    after:
      volumes.length === 0
        ? "The stack is destroyed. Volumes of earlier deployments are kept, unless forceDestroyData named the stack."
        : `Its data is kept on the server, in ${volumeList}.\nTo delete it too: pulumi config set forceDestroyData ${stack} --stack ${stack}, then ${hint(stack, "up")} and ${hint(stack, "down")}`,
  };
}

function isKept({ retainOnDelete }: Resource): boolean {
  return retainOnDelete === true;
}

function volumeName({ outputs, urn }: Resource): string {
  return String(outputs?.["name"] ?? urn);
}
