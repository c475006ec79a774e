import { Linter } from 'eslint';
import { resolve } from 'node:path';
import tseslint from 'typescript-eslint';
import { expect, test } from 'vitest';
import { layers } from './layers.js';
import { noBarrel } from './noBarrel.js';
import { noUntranslated } from './noUntranslated.js';

const root = resolve('src');
const rules = { layers, 'no-barrel': noBarrel, 'no-untranslated': noUntranslated };

function complaints(file, code) {
  const found = new Linter({ cwd: resolve('.') }).verify(
    code,
    {
      files: ['**/*.{ts,tsx}'],
      languageOptions: { parser: tseslint.parser, parserOptions: { ecmaFeatures: { jsx: true } } },
      plugins: { careline: { rules } },
      rules: {
        'careline/layers': ['error', { root }],
        'careline/no-barrel': 'error',
        'careline/no-untranslated': 'error',
      },
    },
    resolve(root, file),
  );
  return found.map((message) => message.messageId ?? message.message);
}

test.each([
  ['features/cases/hooks/a.ts', "import '@/features/routing/api/inbox'", ['sideways']],
  ['features/cases/hooks/a.ts', "import '../../routing/api/inbox'", ['sideways']],
  ['features/cases/hooks/a.ts', "const x = import('@/features/routing/api/inbox')", ['sideways']],
  ['features/cases/hooks/a.ts', "import '@/app/router'", ['upward']],
  ['design/Mark.tsx', "import '@/features/cases/api/cases'", ['upward']],
  ['shared/http/client.ts', "import '../../design/tokens'", ['upward']],
  ['features/cases/hooks/a.ts', "import '../api/cases'; import '@/design/Mark'; import 'react'", []],
  ['app/router.tsx', "import '@/features/cases/api/cases'", []],
  ['features/cases/api/all.ts', "export * from './cases'", ['barrel']],
  ['features/cases/api/all.ts', "export { list } from './cases'", ['barrel']],
  ['design/Mark.tsx', 'const a = <b>工单</b>', ['literal']],
  ['design/Mark.tsx', 'const a = `共 ${1} 件`', ['literal', 'literal']],
  ['design/Mark.tsx', "const a = 'case' /* 工单 in a comment is fine */", []],
])('%s: %s → %j', (file, code, expected) => {
  expect(complaints(file, code)).toEqual(expected);
});
