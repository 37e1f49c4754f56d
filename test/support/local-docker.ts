import { execa } from "execa";
import type { Docker } from "./office-story";

/** Docker on this machine. */
export const localDocker: Docker = async (...words) => (await execa("docker", words)).stdout;
