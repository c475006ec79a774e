// Fails when the committed API client is not what openapi.json generates.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const committed = 'src/shared/api/generated';
if (!existsSync('openapi.json')) {
  console.error('openapi.json is missing: write it with `careline openapi > ui/openapi.json`.');
  process.exit(1);
}

function tree(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), readFileSync(path, 'utf8')];
    }),
  );
}

const fresh = mkdtempSync(join(tmpdir(), 'careline-client-'));
try {
  execFileSync(process.execPath, ['node_modules/@hey-api/openapi-ts/bin/run.js', '--silent'], {
    env: { ...process.env, CARELINE_CLIENT_OUT: fresh },
    stdio: 'inherit',
  });
  const [old, now] = [existsSync(committed) ? tree(committed) : new Map(), tree(fresh)];
  const stale = [...new Set([...old.keys(), ...now.keys()])].filter((file) => old.get(file) !== now.get(file));
  if (stale.length > 0) {
    console.error(`The API client is stale (${stale.sort().join(', ')}): run \`npm run generate\` and commit the result.`);
    process.exit(1);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
