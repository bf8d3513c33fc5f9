import { defineConfig } from 'vitest/config';
import react from '@vitejs/plugin-react';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  // The server puts a new nonce here with each page: src/api/console_routes.cc.
  html: { cspNonce: 'WAYPOST-NONCE' },
  build: { chunkSizeWarningLimit: 1500, assetsInlineLimit: 0, target: 'es2022' },
  server: { proxy: { '/v1': { target: 'http://127.0.0.1:8123', changeOrigin: false } } }, // or calls would seem to come from another site
  test: { globals: true, testTimeout: 30_000 },
});
