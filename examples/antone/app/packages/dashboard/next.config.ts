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
} satisfies NextConfig;
