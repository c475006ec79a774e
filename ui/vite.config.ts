import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const backend = process.env.CARELINE_URL ?? 'http://127.0.0.1:8080';
const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@tests': page('tests'), '@': page('src') } },
  build: {
    target: 'es2023',
    manifest: true,
    rolldownOptions: { input: { staff: page('index.html'), portal: page('portal.html'), phone: page('demo-phone.html') } },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': backend,
      '/rt': { target: backend, ws: true },
      '/sip': { target: backend, ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    // One jsdom for a worker, still a context for each file: a third of the time.
    pool: 'vmThreads',
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.{ts,tsx}', 'lint-rules/**/*.test.js'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    // Limits beyond which nobody believes any more that it will come; nothing waits for them.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // As for pytest (Makefile): where changes are let in, an unsteady test is tried once more, and named.
    retry: process.env.CI ? 1 : 0,
    reporters: ['default', './tests/unsteady.ts'],
    expect: { poll: { timeout: 30_000 } },
  },
});
