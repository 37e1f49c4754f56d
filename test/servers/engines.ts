/** Debian releases whose package docker.io is tested. */
export type EngineRelease = "bullseye" | "bookworm" | "trixie" | "forky";

/** The Dockerfile of a server on which `apt-get install docker.io` installs the engine of a release. */
export function dockerfileFor(engine: EngineRelease, dockerfile: string): string {
  // systemd 258 and later does not start under cgroup v1, so forky's engine is installed on trixie.
  return engine === "forky"
    ? `${onRelease("trixie", dockerfile)}${engineFrom("forky", "trixie")}`
    : onRelease(engine, dockerfile);
}

function onRelease(release: string, dockerfile: string): string {
  return dockerfile.replace(/^FROM debian:\w+-slim$/m, `FROM debian:${release}-slim`);
}

/** Lets apt take the engine from a newer release, and other packages only if the engine needs them. */
function engineFrom(newer: string, older: string): string {
  const pins = [
    ...["Package: *", `Pin: release n=${newer}`, "Pin-Priority: 100", ""],
    ...["Package: docker.io docker-cli containerd runc", `Pin: release n=${newer}`, "Pin-Priority: 990"],
  ];
  // Debian's images have debian.sources, debootstrapped ones sources.list.
  return `RUN cd /etc/apt/sources.list.d \\
 && for file in ../sources.list debian.sources; do \\
      [ ! -s $file ] || sed s/${older}/${newer}/g $file >${newer}.\${file##*.}; \\
    done \\
 && printf '%s\\n' ${pins.map((line) => `'${line}'`).join(" ")} >/etc/apt/preferences.d/${newer}
`;
}
