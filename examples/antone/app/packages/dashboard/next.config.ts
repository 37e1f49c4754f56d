import { join } from "node:path";
import type { NextConfig } from "next";

export default {
  // A folder with all that runs, and nothing else.
  output: "standalone",
  // The workspace: its packages are found from there.
  outputFileTracingRoot: join(import.meta.dirname, "../.."),
  poweredByHeader: false,
  // nginx does it.
  compress: false,
  // In development, the port of the dashboard alone works too: elsewhere nginx forwards these paths.
  rewrites: async () =>
    process.env.NODE_ENV === "development"
      ? [{ source: "/api/:path*", destination: "http://backend-api:3001/api/:path*" }]
      : [],
} satisfies NextConfig;
