import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const place = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The widget is one classic script under a name that never changes, beside the pages that `vite.config.ts` builds. */
export default defineConfig({
  resolve: { alias: { '@': place('src') } },
  publicDir: false,
  build: {
    target: 'es2023',
    emptyOutDir: false,
    rolldownOptions: {
      input: place('src/app/widget/main.ts'),
      output: { format: 'iife', entryFileNames: 'widget.js' },
    },
  },
});
