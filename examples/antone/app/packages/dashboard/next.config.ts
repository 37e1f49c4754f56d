import { join } from "node:path";
import type { NextConfig } from "next";

/** As nginx sets them: requests through the tunnel do not pass it. */
const HEADERS = {
  "Strict-Transport-Security": "max-age=63072000",
  "Content-Security-Policy": `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src ${["'self'", process.env["NEXT_PUBLIC_API_URL"]].filter(Boolean).join(" ")}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
};
// The server of next dev adds inline scripts to the page.
const development = process.env.NODE_ENV === "development";

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
    development ? [{ source: "/api/:path*", destination: "http://backend-api:3001/api/:path*" }] : [],
  headers: async () =>
    development
      ? []
      : [{ source: "/:path*", headers: Object.entries(HEADERS).map(([key, value]) => ({ key, value })) }],
} satisfies NextConfig;
