import { basename } from "node:path";
import { Deployment } from "../support/deployment";
import { docker } from "./docker";
import { diskOf, type ProjectFolder, USED, warmImage } from "./images";
import { StandInServer, type StandInServerOptions } from "./server";

/** Starts a warm server that this project was deployed to, so that its images build from the cache. */
export async function startWarmServer(
  project: ProjectFolder,
  options: StandInServerOptions = {},
): Promise<StandInServer> {
  await ensureWarmServer(project);
  return StandInServer.start({ ...options, usedBy: project });
}

/**
 * Creates the image of warm servers if it is missing: deploys the project to a bare server and destroys it again;
 * Docker, the images and the build cache are kept. This saves every story minutes of the same work.
 */
export async function ensureWarmServer(project: ProjectFolder): Promise<void> {
  const image = await warmImage(project);
  if (await isThere(image)) return;
  await removeEarlierImages(image);
  console.log(`Creating the warm server of ${basename(image).split(":")[1]}, once: about three minutes`);
  const server = await StandInServer.start({ name: "used", disk: diskOf(image) });
  try {
    await deployOnce(server, project);
    await server.exec(
      "systemctl stop docker.socket docker && rm -rf /etc/docker /etc/systemd/system/docker.service.d /etc/ssh/sshd_config.d/berth.conf*",
    );
    await docker("stop", "--time", "60", server.container);
    await docker("commit", server.container, image);
  } finally {
    await server.stop();
  }
}

async function isThere(image: string): Promise<boolean> {
  const disk = await docker("volume", "ls", "--quiet", "--filter", `name=^${diskOf(image)}$`);
  return disk !== "" && (await docker("images", "--quiet", image)) !== "";
}

async function deployOnce(server: StandInServer, project: ProjectFolder): Promise<void> {
  const deployment = await Deployment.create("used", { ...server.settings }, { project });
  try {
    await deployment.up();
    await deployment.destroy();
  } finally {
    deployment.remove();
  }
  await server.exec("docker volume prune --force && docker network prune --force");
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Removes images and disks of the same project with other sources, and those of a failed attempt. Those of the last day
 * are kept, since stories of another work tree may use them.
 */
async function removeEarlierImages(image: string): Promise<void> {
  const ofProject = image.slice(0, image.lastIndexOf("-"));
  const disks = lines(await docker("volume", "ls", "--quiet", "--filter", `name=^${diskOf(ofProject)}-`));
  const kept = new Set<string>();
  for (const disk of disks) {
    const created = Date.parse(await docker("volume", "inspect", "--format", "{{.CreatedAt}}", disk).catch(() => ""));
    if (disk !== diskOf(image) && Date.now() - created < DAY_MS) kept.add(disk);
  }
  const images = lines(await docker("images", "--format", "{{.Repository}}:{{.Tag}}", USED));
  await Promise.allSettled([
    ...images
      .filter((one) => one.startsWith(`${ofProject}-`) && !kept.has(diskOf(one)))
      .map((one) => docker("image", "rm", one)),
    ...disks.filter((disk) => !kept.has(disk)).map((disk) => docker("volume", "rm", disk)),
  ]);
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
