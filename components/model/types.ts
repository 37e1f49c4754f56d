/** Type tokens of the resources that commands, plans and policies handle. */
export const TYPES = {
  stack: "pulumi:pulumi:Stack",
  server: "berth:host:Server",
  edge: "berth:edge:Edge",
  dataVolume: "berth:data:Volume",
  command: "command:local:Command",
  container: "docker:index/container:Container",
  image: "docker:index/remoteImage:RemoteImage",
  network: "docker:index/network:Network",
  password: "random:index/randomPassword:RandomPassword",
  pushed: "docker:index/registryImage:RegistryImage",
  randomId: "random:index/randomId:RandomId",
  volume: "docker:index/volume:Volume",
} as const;

/** Prefix of every provider's type token. */
export const PROVIDER = "pulumi:providers:";
