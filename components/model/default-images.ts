/** The images that components use unless the program names others. */
export const DEFAULT_IMAGES = {
  adminer: "adminer:5",
  certificate: "certbot/certbot:v5.8.0",
  /** Endpoint of the metrics. */
  metrics: "nginx:alpine",
  nodeExporter: "prom/node-exporter:v1.10.2",
  postgres: "postgres:16-alpine",
  postgresExporter: "prometheuscommunity/postgres-exporter:v0.18.1",
  redis: "redis:7-alpine",
  redisExporter: "oliver006/redis_exporter:v1.80.1-alpine",
  redisCommander: "rediscommander/redis-commander:latest",
  tunnel: "cloudflare/cloudflared:2026.8.2",
} as const;
