/** Registries whose image names must begin with a namespace, and its form. */
const WITH_NAMESPACE: [RegExp, string][] = [
  [/^(ghcr\.io|quay\.io|codeberg\.org|docker\.io|index\.docker\.io|registry-1\.docker\.io)$/, "<owner>"],
  [/^registry\.gitlab\.com$/, "<group>/<project>"],
  [/^registry\.digitalocean\.com$/, "<registry>"],
  [/^.+-docker\.pkg\.dev$/, "<project>/<repository>"],
  [/^(.+\.)?gcr\.io$/, "<project>"],
  [/^rg\..+\.scw\.cloud$/, "<namespace>"],
];

/** Host of Docker Hub's API, by which engine and provider know their account there. */
export const DOCKER_HUB = "registry-1.docker.io";
/** Hosts by which addresses name Docker Hub. */
export const NAMES_OF_DOCKER_HUB = ["docker.io", "index.docker.io", DOCKER_HUB];

/** Host, optional port, and optional namespace, as Docker allows them in image names. */
export const REGISTRY_ADDRESS = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

/** Splits a registry's address. Engine and provider sign in to the host. */
export function registryParts(address: string): { host: string; namespace: string[] } {
  const [host = "", ...namespace] = address.split("/");
  return { host: NAMES_OF_DOCKER_HUB.includes(host) ? DOCKER_HUB : host, namespace };
}

/** Name of a stack's image in a registry, without a tag. Docker Hub has no folders below the namespace. */
export function imageInRegistry(address: string, stack: string, name: string): string {
  const { host, namespace } = registryParts(address);
  const own = host === DOCKER_HUB ? [`${stack}-${name}`] : [stack, name];
  return [host, ...namespace, ...own].join("/");
}

/** Errors in a registry's address: a namespace that is missing or has the wrong number of parts. */
export function registryProblems(address: string): string[] {
  const [written = ""] = address.split("/");
  const { host, namespace } = registryParts(address);
  const [, form] = WITH_NAMESPACE.find(([pattern]) => pattern.test(host)) ?? [];
  const parts = form?.split("/").length ?? 0;
  const wrong = host === DOCKER_HUB ? namespace.length !== parts : namespace.length < parts;
  if (form === undefined || !wrong) return [];
  return [
    `registryAddress is ${address}, but this registry accepts only images in a namespace (pulumi config set registryAddress ${written}/${form})`,
  ];
}
