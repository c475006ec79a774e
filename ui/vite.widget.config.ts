import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const place = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The widget is one classic script under a name that never changes, beside the pages that `vite.config.ts` builds; in
 * mode `voice` the script that it brings in when somebody wants to speak.
 */
export default defineConfig(({ mode }) => ({
  resolve: { alias: { '@': place('src') } },
  publicDir: false,
  build: {
    target: 'es2023',
    emptyOutDir: false,
    rolldownOptions: {
      input: place(mode === 'voice' ? 'src/app/widget/voice.ts' : 'src/app/widget/main.ts'),
      output: { format: 'iife', entryFileNames: mode === 'voice' ? 'widget-voice.js' : 'widget.js' },
    },
  },
}));
