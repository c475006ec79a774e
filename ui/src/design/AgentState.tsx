import type { AgentState } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { AfterContactWorkGlyph, EngagedGlyph, NotReadyGlyph, OfflineGlyph, ReadyGlyph, ReservedGlyph } from './glyphs';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

/** An agent in one word: the work in hand, else what was chosen, else set aside. */
export type AgentStateCode = AgentState['state'];

export const AGENT_STATES = ['reserved', 'engaged', 'after_contact_work', 'set_aside', 'not_ready', 'ready', 'offline'] as const satisfies readonly AgentStateCode[];

const glyphs = {
  ready: ReadyGlyph,
  reserved: ReservedGlyph,
  engaged: EngagedGlyph,
  after_contact_work: AfterContactWorkGlyph,
  not_ready: NotReadyGlyph,
  set_aside: NotReadyGlyph,
  offline: OfflineGlyph,
};

const tones = {
  ready: 'ready',
  reserved: 'reserved',
  engaged: 'engaged',
  after_contact_work: 'acw',
  not_ready: 'not-ready',
  set_aside: 'not-ready',
  offline: 'offline',
};

const messages = catalogue(zh, en);

export function stateColor(state: AgentStateCode): string {
  return `var(--cl-state-${tones[state]})`;
}

export function stateTint(state: AgentStateCode): string {
  return `var(--cl-state-${tones[state]}-bg)`;
}

export function StateGlyph({ state, size = 14, plain = false }: { state: AgentStateCode; size?: number; plain?: boolean }) {
  const Glyph = glyphs[state];
  return (
    <span style={{ color: plain ? undefined : stateColor(state), display: 'inline-flex' }}>
      <Glyph size={size} />
    </span>
  );
}

export function useStateName(): (state: AgentStateCode) => string {
  const t = useMessages(messages);
  return (state) => t(`state.${state}`);
}

/** Shape, then word, then colour. */
export function AgentStateMark({ state, strong = false }: { state: AgentStateCode; strong?: boolean }) {
  const name = useStateName();
  return (
    <span className="cl-row cl-nowrap" style={{ color: stateColor(state), gap: 6, fontWeight: strong ? 600 : undefined }}>
      <StateGlyph state={state} />
      {name(state)}
    </span>
  );
}
