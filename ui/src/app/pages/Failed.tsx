import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ErrorPanel } from '@/design/panels';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';

/** A page that could not be opened at all: the server was not reached, or our own code failed. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const t = useMessages(messages);
  const router = useRouter();
  return (
    <main>
      <ErrorPanel
        what={t('page.this')}
        error={error}
        retry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}
