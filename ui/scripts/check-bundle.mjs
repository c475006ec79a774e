// Fails when a route brings more than 150 kB gzip of code beyond what the page's shell already loaded, or when the
// widget, which loads in other people's pages, has more than 40 kB.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 150 * 1024;
const WIDGET_LIMIT = 40 * 1000;
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const sizes = new Map();

function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length);
  return sizes.get(file);
}

/** Every chunk that loads with `key`: itself and its static imports. */
function withImports(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) withImports(next, seen);
  return seen;
}

const weigh = (keys) =>
  [...keys].reduce((sum, key) => sum + [manifest[key].file, ...(manifest[key].css ?? [])].reduce((n, f) => n + size(f), 0), 0);
const kB = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;

let failed = false;
for (const [key, entry] of Object.entries(manifest).filter(([, entry]) => entry.isEntry)) {
  const shell = withImports(key);
  console.log(`${entry.name}: shell ${kB(weigh(shell))} gzip`);
  for (const route of entry.dynamicImports ?? []) {
    const own = weigh([...withImports(route)].filter((chunk) => !shell.has(chunk)));
    const over = own > LIMIT;
    failed ||= over;
    console.log(`  ${manifest[route].name ?? route}: ${kB(own)}${over ? ` – over the limit of ${kB(LIMIT)}` : ''}`);
  }
}
const widget = size('widget.js');
failed ||= widget > WIDGET_LIMIT;
console.log(`widget: ${kB(widget)} gzip${widget > WIDGET_LIMIT ? ` – over the limit of ${kB(WIDGET_LIMIT)}` : ''}`);
if (failed) process.exit(1);
