import { defineConfig } from '@hey-api/openapi-ts';

// `ui/openapi.json` is written by `careline openapi`; the client below it is never edited by hand.
export default defineConfig({
  input: './openapi.json',
  output: { path: process.env.CARELINE_CLIENT_OUT ?? './src/shared/api/generated' },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
