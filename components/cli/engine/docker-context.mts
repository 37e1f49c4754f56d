import { Problem } from "../../model/problem.ts";
import { capture } from "../../remote/program.mts";

/**
 * Replaces the variable DOCKER_CONTEXT by DOCKER_HOST, with the engine of that context. Pulumi's Docker provider lets DOCKER_CONTEXT
 * override the server of a stack, and DOCKER_HOST, which is the other way round for the command docker.
 * @throws Problem if there is no such context.
 */
export async function withoutDockerContext(environment = process.env): Promise<void> {
  if (!environment["DOCKER_CONTEXT"]) return;
  // With DOCKER_HOST, this prints that address.
  const words = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const { status, stdout, stderr } = await capture("docker", words, "", { env: environment });
  // Without docker on this machine (127), the variable has no meaning.
  if (status !== 0 && status !== 127)
    throw new Problem(
      `DOCKER_CONTEXT names a context that docker does not have: ${stderr.trim()}. Unset it: unset DOCKER_CONTEXT`,
    );
  if (stdout.trim() !== "") environment["DOCKER_HOST"] = stdout.trim();
  delete environment["DOCKER_CONTEXT"];
}
