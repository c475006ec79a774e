import { Severity } from '@/design/Severity';
import type { CustomerShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CustomerPanel.module.css';

const messages = catalogue(zh, en);

/** The lines of a customer – brand and plan belong to the line, not to the person – and who pays. */
export function SubscriptionList({ customer }: { customer: CustomerShown }) {
  const t = useMessages(messages);
  return (
    <section className={styles.block}>
      <h3>{t('subscriptions.title')}</h3>
      {customer.subscriptions.length === 0 && <p className="cl-note cl-muted">{t('subscriptions.none')}</p>}
      <ul className={styles.lines}>
        {customer.subscriptions.map((line) => (
          <li key={line.id}>
              <span className="cl-strong cl-ellipsis">{line.plan}</span>
              <Severity level={line.status === 'active' ? 'ok' : 'warn'}>{t(`status.${line.status}`)}</Severity>
              <span className="cl-note cl-muted">{line.msisdn_masked}</span>
              <span className="cl-note cl-muted">{t(`brand.${line.brand}`)}</span>
            </li>
        ))}
      </ul>
      {customer.billing_accounts.map((account) => (
        <p key={account.id} className="cl-note cl-secondary">
          {t('subscriptions.paid_by', { name: account.name, kind: t(`pay_kind.${account.pay_kind}`) })}
        </p>
      ))}
    </section>
  );
}
