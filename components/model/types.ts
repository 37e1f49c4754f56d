/** Type tokens of the resources that commands, plans and policies handle. */
export const TYPES = {
  stack: "pulumi:pulumi:Stack",
  cluster: "berth:host:Cluster",
  server: "berth:host:Server",
  edge: "berth:edge:Edge",
  dataVolume: "berth:data:Volume",
  door: "berth:door:Door",
  command: "command:local:Command",
  container: "docker:index/container:Container",
  image: "docker:index/remoteImage:RemoteImage",
  network: "docker:index/network:Network",
  password: "random:index/randomPassword:RandomPassword",
  pushed: "docker:index/registryImage:RegistryImage",
  secret: "docker:index/secret:Secret",
  service: "docker:index/service:Service",
  randomId: "random:index/randomId:RandomId",
  volume: "docker:index/volume:Volume",
} as const;

/** Prefix of every provider's type token. */
export const PROVIDER = "pulumi:providers:";
