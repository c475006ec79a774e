import { Alert, Segmented } from 'antd';
import { useMutation } from '@tanstack/react-query';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Session } from '@/shared/api/generated/types.gen';
import { locale, LOCALES, type Locale } from '@/shared/i18n/locale';
import { useMessages } from '@/shared/i18n/useMessages';
import { changeLocale } from '../api/account';
import { messages } from '../messages';
import styles from './Account.module.css';
import { AlertsCard } from './AlertsCard';
import { FactorCard } from './FactorCard';
import { PasswordCard } from './PasswordCard';
import { SessionsCard } from './SessionsCard';

interface Props {
  session: Session;
  /** What was asked for is done: look again at what the session may do. */
  onDone: () => void;
}

/** One's own account. What is still to be done comes first, and alone. */
export function AccountPage({ session, onDone }: Props) {
  const t = useMessages(messages);
  if (session.pending === 'password-change-needed') {
    return (
      <div className={styles.page}>
        <Alert type="warning" showIcon title={t('pending.password')} />
        <PasswordCard onDone={onDone} />
      </div>
    );
  }
  return (
    <div className={styles.page}>
      {session.pending === 'second-factor-missing' && <Alert type="warning" showIcon title={t('pending.factor')} />}
      <FactorCard onDone={onDone} />
      <PasswordCard onDone={onDone} />
      {session.agent !== null && <AlertsCard userId={session.user.id} />}
      <SessionsCard />
      <LanguageCard />
    </div>
  );
}

function LanguageCard() {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const keep = useMutation({ mutationFn: changeLocale });
  return (
    <section className={styles.card} aria-labelledby="account-language">
      <h2 id="account-language">{t('language.title')}</h2>
      <p className="cl-secondary">{t('language.what')}</p>
      {keep.isError && <Alert type="error" showIcon title={sentence(keep.error)} style={{ marginBottom: 12 }} />}
      <Segmented<Locale>
        aria-label={t('language.title')}
        value={t.language}
        onChange={(chosen) => {
          locale.set(chosen);
          keep.mutate(chosen);
        }}
        options={LOCALES.map((value) => ({ value, label: messages[value]['language.name'] }))}
      />
    </section>
  );
}
