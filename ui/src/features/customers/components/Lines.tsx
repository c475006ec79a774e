import { Alert, Button, Input, Popconfirm } from 'antd';
import { UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { MaskedNumber } from '@/design/MaskedNumber';
import { Severity } from '@/design/Severity';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { CustomerRecord, SubscriptionShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { addLineUser, removeLineUser, reveal, revealNumber } from '../api/customers';
import { useRecordChange } from '../hooks/useRecordChange';
import { brandAndPlan } from '../model/brandAndPlan';
import { ServicePassword } from './ServicePassword';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './RecordPage.module.css';

const messages = catalogue(zh, en);
const NAME_MAX = 100;

/** The lines of a customer with who uses them, and who pays. */
export function Lines({ record }: { record: CustomerRecord }) {
  const t = useMessages(messages);
  const { customer } = record;
  return (
    <section className={styles.card}>
      <h2>{t('lines.title')}</h2>
      {customer.subscriptions.length === 0 && <p className="cl-note cl-muted">{t('subscriptions.none')}</p>}
      <ul className={styles.list}>
        {customer.subscriptions.map((line) => (
          <Line key={line.id} record={record} line={line} />
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

function Line({ record, line }: { record: CustomerRecord; line: SubscriptionShown }) {
  const t = useMessages(messages);
  const may = useMay();
  const sentence = useErrorSentence();
  const [adding, setAdding] = useState(false);
  const { id, version } = record.customer;
  const users = record.line_users.filter((user) => user.subscription_id === line.id);
  const remove = useRecordChange(id, (partyId: string) => removeLineUser(id, line.id, partyId, version));
  return (
    <li>
      <div className={styles.row}>
        <span>
          <MaskedNumber masked={line.msisdn_masked} reveal={may('customer:reveal') ? () => revealNumber(id, line.id) : undefined} />
        </span>
        <Severity level={line.status === 'active' ? 'ok' : 'warn'}>{t(`status.${line.status}`)}</Severity>
      </div>
      <p className="cl-note cl-muted">
        {brandAndPlan(t(`brand.${line.brand}`), line.plan)}
      </p>
      <ServicePassword customerId={id} line={line} />
      {users.map((user) => (
        <div key={user.party_id} className={`cl-note cl-secondary ${styles.row}`}>
          <span>
            {t('lines.used_by')}{' '}
            <MaskedNumber
              masked={user.name_masked}
              reveal={may('customer:reveal') ? () => reveal(id, { what: 'line_user', party_id: user.party_id }) : undefined}
            />
          </span>
          {may('customer:write') && (
            <Popconfirm
              title={t('lines.remove_user', { name: user.name_masked })}
              okText={t('form.remove')}
              cancelText={t('form.cancel')}
              onConfirm={() => remove.mutate(user.party_id)}
            >
              <Button type="text" size="small" icon={<X size={12} aria-hidden />} aria-label={t('lines.remove_user', { name: user.name_masked })} loading={remove.isPending} />
            </Popconfirm>
          )}
        </div>
      ))}
      {remove.isError && <Alert type="error" showIcon title={sentence(remove.error)} />}
      {may('customer:write') && line.status !== 'closed' && !adding && (
        <Button type="link" size="small" style={{ paddingInline: 0 }} icon={<UserPlus size={12} aria-hidden />} onClick={() => setAdding(true)}>
          {t('lines.add_user')}
        </Button>
      )}
      {adding && <AddUser record={record} lineId={line.id} onClose={() => setAdding(false)} />}
    </li>
  );
}

function AddUser({ record, lineId, onClose }: { record: CustomerRecord; lineId: string; onClose: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [name, setName] = useState('');
  const { id, version } = record.customer;
  const add = useRecordChange(id, (wanted: string) => addLineUser(id, lineId, wanted, version), onClose);
  const save = () => {
    if (name.trim() !== '' && !add.isPending) add.mutate(name.trim());
  };
  return (
    <div className={styles.buttons}>
      {add.isError && <Alert type="error" showIcon title={sentence(add.error)} />}
      <Input
        size="small"
        aria-label={t('lines.user_name')}
        placeholder={t('lines.user_name')}
        value={name}
        maxLength={NAME_MAX}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={save}
        style={{ inlineSize: 160 }}
        autoFocus
      />
      <Button size="small" type="primary" disabled={name.trim() === ''} loading={add.isPending} onClick={save}>
        {t('form.save')}
      </Button>
      <Button size="small" onClick={onClose}>
        {t('form.cancel')}
      </Button>
    </div>
  );
}
