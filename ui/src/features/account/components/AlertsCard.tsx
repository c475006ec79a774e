import { Alert, Button, Segmented, Switch } from 'antd';
import { Volume2 } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import { alertChoice, type When } from '@/shared/alerts/choice';
import { bell } from '@/shared/alerts/chime';
import { askToNotify, notificationPermission } from '@/shared/alerts/notification';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStored } from '@/shared/storage/useStored';
import { messages } from '../messages';
import styles from './Account.module.css';

/** What calls an agent who looks elsewhere, kept for this user in this browser. */
export function AlertsCard({ userId }: { userId: string }) {
  const t = useMessages(messages);
  const store = alertChoice(userId);
  const choice = useStored(store);
  const unlocked = useSyncExternalStore(bell.onChange, bell.isUnlocked);
  const [permission, setPermission] = useState(notificationPermission);
  const [silent, setSilent] = useState(false);
  const when = (values: readonly When[]) => values.map((value) => ({ value, label: t(`alerts.${value}`) }));
  const listen = async () => {
    await bell.unlock();
    setSilent(!bell.ring('test', 'offer'));
  };
  const ask = async (wanted: boolean) => {
    store.set({ ...choice, notify: wanted });
    if (wanted && permission === 'default') setPermission(await askToNotify());
  };
  return (
    <section className={styles.card} aria-labelledby="account-alerts" id="alerts">
      <h2 id="account-alerts">{t('alerts.title')}</h2>
      <p className="cl-secondary">{t('alerts.what')}</p>
      <dl className={styles.choices}>
        <dt>{t('alerts.offers')}</dt>
        <dd>
          <Segmented<When>
            aria-label={t('alerts.offers')}
            value={choice.offers}
            onChange={(offers) => store.set({ ...choice, offers })}
            options={when(['never', 'behind', 'always'])}
          />
        </dd>
        <dt>{t('alerts.messages')}</dt>
        <dd>
          <Segmented<When>
            aria-label={t('alerts.messages')}
            value={choice.messages}
            onChange={(messages) => store.set({ ...choice, messages: messages === 'never' ? 'never' : 'behind' })}
            options={when(['never', 'behind'])}
          />
        </dd>
        <dt id="alerts-notify">{t('alerts.notify')}</dt>
        <dd>
          <Switch
            aria-labelledby="alerts-notify"
            checked={choice.notify && permission === 'granted'}
            disabled={permission === 'denied' || permission === 'unsupported'}
            onChange={(wanted) => void ask(wanted)}
          />
          <p className="cl-note cl-muted">{t(`alerts.permission.${permission}`)}</p>
        </dd>
      </dl>
      <Button icon={<Volume2 size={16} aria-hidden />} onClick={() => void listen()}>
        {t('alerts.listen')}
      </Button>
      {silent && <Alert type="warning" showIcon title={t('alerts.no_sound')} style={{ marginTop: 12 }} />}
      {!unlocked && !silent && <p className="cl-note cl-muted">{t('alerts.locked')}</p>}
    </section>
  );
}
