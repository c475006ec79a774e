/** A barrel hides what is imported from where and drags a folder into every chunk. */
export const noBarrel = {
  meta: {
    type: 'problem',
    docs: { description: 'no re-exports: import a thing from the file that defines it' },
    messages: { barrel: 'No re-exports: import "{{source}}" where it is needed.' },
    schema: [],
  },
  create(context) {
    const check = (node) => {
      if (node.source) context.report({ node, messageId: 'barrel', data: { source: node.source.value } });
    };
    return { ExportAllDeclaration: check, ExportNamedDeclaration: check };
  },
};
