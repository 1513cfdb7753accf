import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the Django server. */
const SERVER = process.env.AFFECTORY_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/api": SERVER, "/media": SERVER } },
  build: { target: "es2022", chunkSizeWarningLimit: 900 },
  test: {
    environment: "jsdom",
    globals: true,
    setupFiles: ["./src/testing/setup.ts"],
    restoreMocks: true,
    // Modules are loaded once for all files: three times as fast. `setup.ts` leaves every test a clean page.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
