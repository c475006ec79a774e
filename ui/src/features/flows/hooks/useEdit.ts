import { useMemo } from 'react';
import type { Step } from '../model/definition';
import { addStep, changeStep, freeName, lead, removeStep } from '../model/editing';
import { newStep } from '../model/fields';
import type { Point } from '../model/geometry';
import type { KnownKind } from '../model/kinds';
import { waysOf } from '../model/ways';
import type { Choices } from './useChoices';
import type { Writing } from './useWork';

export interface Edit {
  step: (name: string, change: (step: Step) => Step, of?: string) => void;
  add: (kind: KnownKind) => void;
  copy: (name: string) => void;
  remove: (name: string) => void;
  connect: (from: string, label: string, to: string) => void;
  move: (name: string, at: Point) => void;
  /** Everything where the layout puts it. */
  tidy: () => void;
}

/** What can be done to a flow; null for who may only look. */
export function useEdit({ work, change }: Writing, may: boolean, choices: Choices, chosen: string | null, onChoose: (step: string | null) => void): Edit | null {
  const { definition } = work;
  return useMemo(() => {
    if (!may) return null;
    const put = (step: Step, after: string | null) => {
      const name = freeName(definition, step.kind);
      change((one) => addStep(one, name, step, after));
      onChoose(name);
    };
    return {
      step: (name, make, of) => change((one) => changeStep(one, name, make), of ?? null),
      add: (kind) => put(newStep(kind, { queues: choices.queues[0]?.value, calendars: choices.calendars[0]?.value, connections: choices.connections[0]?.value, flows: choices.flows[0]?.value }), chosen),
      copy: (name) => {
        const step = definition.steps[name];
        if (step !== undefined) put(step, null);
      },
      remove: (name) => {
        change((one) => removeStep(one, name));
        onChoose(null);
      },
      connect: (from, label, to) =>
        change((one) =>
          changeStep(one, from, (step) => {
            const way = waysOf(step, new Set(Object.keys(one.definition.steps))).find((found) => found.label === label);
            return way === undefined ? step : lead(step, way, to);
          }),
        ),
      move: (name, at) => change((one) => ({ ...one, drawing: { ...one.drawing, [name]: at } }), `move/${name}`),
      tidy: () => change((one) => ({ ...one, drawing: {} })),
    };
  }, [may, definition, change, choices, chosen, onChoose]);
}
