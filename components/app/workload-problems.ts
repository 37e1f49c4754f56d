import type { ContainerSpec } from "./container-spec";

/** Errors in a service or worker of a cluster, a sentence each: what a Swarm cannot do as on one server. */
export function workloadProblems(
  { volumes = {}, transform }: Pick<ContainerSpec, "volumes" | "transform">,
  { replicas }: { replicas: number },
): string[] {
  const paths = Object.keys(volumes);
  return [
    ...(paths.length > 0 && replicas > 1
      ? [
          `volumes: ${paths.join(", ")} is on the data server only, but ${replicas} replicas are to run on several servers. Set replicas to 1, and it runs there, or keep its files elsewhere, e.g. in S3.`,
        ]
      : []),
    ...(transform
      ? ["transform: changes a container, but a cluster runs this as a service of the Swarm. Remove it."]
      : []),
  ];
}
