import js from '@eslint/js';
import { resolve } from 'node:path';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { layers } from './lint-rules/layers.js';
import { noBarrel } from './lint-rules/noBarrel.js';
import { noUntranslated } from './lint-rules/noUntranslated.js';

const careline = { rules: { layers, 'no-barrel': noBarrel, 'no-untranslated': noUntranslated } };

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/shared/api/generated'] },
  js.configs.recommended,
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, reactHooks.configs.flat['recommended-latest']],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // The router's redirect is thrown, and is no Error.
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'package', name: 'Redirect', package: '@tanstack/router-core' }] }],
      eqeqeq: 'error',
      'no-console': 'error',
      // What people type is text wherever it is shown.
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Show text as text.' },
        { selector: "AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]", message: 'Build elements, or set textContent.' },
        { selector: "CallExpression[callee.property.name=/^(insertAdjacentHTML|createContextualFragment|setHTMLUnsafe)$/]", message: 'Build elements, or set textContent.' },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { careline },
    rules: {
      'careline/layers': ['error', { root: resolve(import.meta.dirname, 'src') }],
      'careline/no-barrel': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // How long a test waits is said once, in tests/setup.ts and vite.config.ts: a busy machine must not make one fail.
    files: ['**/*.test.{ts,tsx}', 'tests/support/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[object.name='vi'][property.name=/^(waitFor|waitUntil|setConfig)$/]", message: 'Its limit is a second: use expect.poll().' },
        { selector: "CallExpression[callee.property.name=/^(findBy|findAllBy|poll)/] Property[key.name='timeout']", message: 'The limit of all waits stands in tests/setup.ts.' },
        { selector: "CallExpression[callee.name='waitFor'] Property[key.name='timeout']", message: 'The limit of all waits stands in tests/setup.ts.' },
        { selector: "Property[key.name='asyncUtilTimeout']", message: 'The limit of all waits stands in tests/setup.ts.' },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/**/*.test.{ts,tsx}'],
    plugins: { careline },
    rules: { 'careline/no-untranslated': 'error' },
  },
);
