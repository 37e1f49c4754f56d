import { describe, expect, test } from "vitest";
import { imageInRegistry, registryParts, registryProblems } from "../../../components/model/registry";
import { standardSettings } from "../../../components/settings/standard";

const { form } = standardSettings.registryAddress;

describe("F02: a registry", () => {
  test.each([
    ["registry.example.org", "registry.example.org", "registry.example.org/shop-prod/web"],
    ["registry.example.org:5000/team", "registry.example.org:5000", "registry.example.org:5000/team/shop-prod/web"],
    ["ghcr.io/acme", "ghcr.io", "ghcr.io/acme/shop-prod/web"],
    ["registry.gitlab.com/acme/shop", "registry.gitlab.com", "registry.gitlab.com/acme/shop/shop-prod/web"],
    ["docker.io/acme", "registry-1.docker.io", "registry-1.docker.io/acme/shop-prod-web"],
  ])("%s is signed in to as %s and holds %s", (address, host, image) => {
    expect(form.safeParse(address).success).toBe(true);
    expect(registryProblems(address)).toEqual([]);
    expect(registryParts(address).host).toBe(host);
    expect(imageInRegistry(address, "shop-prod", "web")).toBe(image);
  });

  test.each([
    ["ghcr.io", "ghcr.io/<owner>"],
    ["docker.io", "docker.io/<owner>"],
    ["docker.io/acme/shop", "docker.io/<owner>"],
    ["registry.gitlab.com/acme", "registry.gitlab.com/<group>/<project>"],
    ["registry.digitalocean.com", "registry.digitalocean.com/<registry>"],
    ["europe-docker.pkg.dev/acme", "europe-docker.pkg.dev/<project>/<repository>"],
    ["eu.gcr.io", "eu.gcr.io/<project>"],
    ["rg.fr-par.scw.cloud", "rg.fr-par.scw.cloud/<namespace>"],
    ["quay.io", "quay.io/<owner>"],
  ])("%s without its namespace is refused, with what to set", (address, advice) => {
    expect(form.safeParse(address).success).toBe(true);
    expect(registryProblems(address)).toEqual([
      `registryAddress is ${address}, but this registry accepts only images in a namespace (pulumi config set registryAddress ${advice})`,
    ]);
  });

  test.each(["https://ghcr.io/acme", "ghcr.io/Acme", "ghcr.io/", "ghcr.io//acme", "ghcr.io/acme/", "-x.org"])(
    "%s is not the address of one",
    (address) => {
      expect(form.safeParse(address).error?.issues[0]?.message).toContain("host/namespace in lower-case letters");
    },
  );
});
