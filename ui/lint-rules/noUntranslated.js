/** Chinese text belongs in a feature's catalogue (locale/zh-CN.json), where its English stands beside it. */
const HAN = /[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF]/u;

export const noUntranslated = {
  meta: {
    type: 'problem',
    docs: { description: 'no Chinese literals in code' },
    messages: { literal: 'Put "{{text}}" into the feature’s catalogue and use its key.' },
    schema: [],
  },
  create(context) {
    const check = (node, text) => {
      if (typeof text === 'string' && HAN.test(text)) {
        context.report({ node, messageId: 'literal', data: { text: text.trim().slice(0, 20) } });
      }
    };
    return {
      Literal: (node) => check(node, node.value),
      JSXText: (node) => check(node, node.value),
      TemplateElement: (node) => check(node, node.value.cooked),
    };
  },
};
