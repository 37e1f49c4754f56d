import { Deployment } from "../support/deployment";
import { docker } from "./docker";
import { diskOf, USED, usedImage } from "./images";
import { removeLeftOver } from "./left-over";
import { StandInServer } from "./server";

/**
 * Before the first story: makes what servers that have been in use begin with. A stack is deployed to a bare one and taken away again;
 * Docker, the images and what was built stay. Stories then do not each wait two minutes for the same.
 */
export default async function useServer(): Promise<void> {
  await removeLeftOver();
  const image = await usedImage();
  if (await isThere(image)) return;
  await forgetEarlierOnes();
  console.log("Making a server that has been in use, once: about three minutes");
  const server = await StandInServer.start({ name: "used", disk: diskOf(image) });
  try {
    await deployOnce(server);
    await server.exec(
      "systemctl stop docker.socket docker && rm -rf /etc/docker /etc/systemd/system/docker.service.d /etc/ssh/sshd_config.d/berth.conf",
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

async function deployOnce(server: StandInServer): Promise<void> {
  const deployment = await Deployment.create("used", {
    ...server.settings,
  });
  try {
    await deployment.up();
    await deployment.destroy();
  } finally {
    deployment.remove();
  }
  await server.exec("docker volume prune --force && docker network prune --force");
}

/** Those of other sources, and of an attempt that failed; but what stories of another work tree are using stays. */
async function forgetEarlierOnes(): Promise<void> {
  const images = await docker("images", "--format", "{{.Repository}}:{{.Tag}}", USED);
  const disks = await docker("volume", "ls", "--quiet", "--filter", `name=^${USED}-`);
  const remove = (kind: string, names: string) =>
    Promise.allSettled(names.split("\n").map((name) => name && docker(kind, "rm", name)));
  await remove("image", images);
  await remove("volume", disks);
}
