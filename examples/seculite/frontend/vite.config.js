import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [vue()],
  // The container's root is read-only.
  cacheDir: "/tmp/vite",
  build: { assetsInlineLimit: 0 },
  server: {
    port: 5173,
    strictPort: true,
    allowedHosts: true,
    hmr: { clientPort: Number(process.env.SITE_PORT ?? 80) },
  },
});
