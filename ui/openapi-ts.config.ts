import { defineConfig } from '@hey-api/openapi-ts';

// `ui/openapi.json` is written by `careline openapi`; the client made of it is never edited by hand.
export default defineConfig({
  input: './openapi.json',
  output: { path: process.env.CARELINE_CLIENT_OUT ?? './src/shared/api/generated' },
  plugins: [
    { name: '@hey-api/client-fetch', runtimeConfigPath: '@/shared/api/config', throwOnError: true },
    '@hey-api/typescript',
    { name: '@hey-api/sdk', responseStyle: 'data' },
  ],
});
