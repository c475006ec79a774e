/**
 * The direction of imports under src: app → features → design → shared, never back,
 * and no feature imports another (app composes them).
 */
import { dirname, relative, resolve, sep } from 'node:path';

const ORDER = ['shared', 'design', 'features', 'app'];

function place(file, root) {
  const parts = relative(root, file).split(sep);
  const rank = ORDER.indexOf(parts[0]);
  return rank < 0 ? null : { layer: parts[0], rank, feature: parts[0] === 'features' ? parts[1] : null };
}

export const layers = {
  meta: {
    type: 'problem',
    docs: { description: 'imports go app → features → design → shared; features do not know each other' },
    messages: {
      upward: '{{from}} must not import {{to}}: imports go app → features → design → shared.',
      sideways: 'Feature "{{from}}" must not import feature "{{to}}": let app compose them.',
    },
    schema: [{ type: 'object', properties: { root: { type: 'string' } }, required: ['root'] }],
  },
  create(context) {
    const root = context.options[0].root;
    const here = place(context.filename, root);
    if (here === null) return {};
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || !/^(\.|@\/)/.test(source)) return;
      const target = source.startsWith('@/') ? resolve(root, source.slice(2)) : resolve(dirname(context.filename), source);
      const there = place(target, root);
      if (there === null) return;
      if (there.rank > here.rank) {
        context.report({ node, messageId: 'upward', data: { from: here.layer, to: there.layer } });
      } else if (here.feature !== null && there.feature !== null && here.feature !== there.feature) {
        context.report({ node, messageId: 'sideways', data: { from: here.feature, to: there.feature } });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
