/** The images that components use unless the program names others. */
export const DEFAULT_IMAGES = {
  adminer: "adminer:5",
  certificate: "certbot/certbot:v5.8.0",
  postgres: "postgres:16-alpine",
  redis: "redis:7-alpine",
  redisCommander: "rediscommander/redis-commander:latest",
  tunnel: "cloudflare/cloudflared:2026.8.2",
} as const;
