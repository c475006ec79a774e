import { WarningGlyph } from '@/design/glyphs';
import type { AgentState } from '@/shared/api/generated/types.gen';
import { useWithheld } from '../hooks/useWithheld';

/** Says plainly what I am not offered now, and why; only what I can mend is a warning. */
export function WithheldNote({ state, className }: { state: AgentState | undefined; className?: string | undefined }) {
  const withheld = useWithheld();
  return (
    <div role="status" className={className}>
      {withheld(state).map(({ because, sentence }) => (
        <p key={because} className={because === 'missed' ? 'cl-warn' : undefined}>
          {because === 'missed' && (
            <>
              <WarningGlyph size={12} />{' '}
            </>
          )}
          {sentence}
        </p>
      ))}
    </div>
  );
}
