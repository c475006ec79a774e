import { useMemo } from 'react';
import { knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { said, type Step } from '../model/definition';

/** What steps, their ways and what is wrong with them are called, in the language of the screen. */
export function useStepWords() {
  const t = useMessages(messages);
  return useMemo(() => {
    const among = (keys: string[], other: string) => {
      const key = keys.find((one) => knows(messages, one));
      return key === undefined ? other : t(key);
    };
    const kind = (code: string) => among([`kind.${code}`], code);
    const way = (code: string, label: string) => {
      if (/^[0-9*#]$/.test(label) && code !== 'sub_flow') return t('way.key', { key: label });
      return among([`way.${code}.${label}`, `way.${label}`], label);
    };
    return {
      kind,
      way,
      field: (name: string, other = name) => among([`field.${name}`, `field.${other}`], other),
      /** What a choice of a field is called. */
      value: (field: string, value: string) => among([`value.${field}.${value}`, `value.${value}`, `fact.${value}`, `language.${value}`], value),
      /** What is wrong with a step of a kind. */
      problem: (code: string, told: string, of: string) => {
        // The checker names a way by its label, with an arrow to where it leads.
        const [label = ''] = told.split(' \u2192 ');
        const detail = code === 'way-leads-nowhere' ? way(of, label) : told;
        return knows(messages, `problem.${code}`) ? t(`problem.${code}` as keyof typeof messages.en, { detail }) : [code, detail].filter((one) => one !== '').join(' · ');
      },
      /** What people call a step. */
      title: (name: string, step: Step | undefined) => {
        if (step === undefined) return name;
        const own = said(step.title, t.language);
        return own === '' ? `${kind(step.kind)} · ${name}` : own;
      },
      /** What it does, on one line. */
      line: (step: Step) => lineOf(step, t.language, t),
    };
  }, [t]);
}

type Translate = ReturnType<typeof useMessages<keyof typeof messages.en>>;

function lineOf(step: Step, language: string, t: Translate): string {
  const text = (name: string) => (typeof step[name] === 'string' ? step[name] : '');
  switch (step.kind) {
    case 'enqueue':
      return text('queue');
    case 'hours':
      return text('calendar');
    case 'business_call':
      return `${text('connection')} ${text('path')}`;
    case 'sub_flow':
      return text('flow');
    case 'return':
      return text('outcome');
    case 'set':
      return [...Object.keys((step.values ?? {})), text('language')].filter((one) => one !== '').join(', ');
    case 'condition':
      return conditionLine(step, t);
    default:
      return said(step.text, language);
  }
}

function conditionLine(step: Step, t: Translate): string {
  const name = typeof step.fact === 'string' ? step.fact : step.variable;
  const subject = typeof name !== 'string' ? '?' : knows(messages, `fact.${name}`) ? t(`fact.${name}` as keyof typeof messages.en) : name;
  const values = Array.isArray(step.is_one_of) ? `= ${step.is_one_of.join(' / ')}` : '';
  const bound = (value: unknown, sign: string) => (typeof value === 'string' || typeof value === 'number' ? `${sign} ${value}` : '');
  return [subject, values, bound(step.at_least, '\u2265'), bound(step.at_most, '\u2264')].filter((one) => one !== '').join(' ');
}
