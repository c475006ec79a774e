import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { SubscriptionShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { formatShortDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { removeServicePassword, servicePasswordsQuery } from '../api/servicePasswords';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './RecordPage.module.css';

const messages = catalogue(zh, en);

/** Whether a line has a service password, never which; it can be taken away, not read and not set. */
export function ServicePassword({ customerId, line }: { customerId: string; line: SubscriptionShown }) {
  const t = useMessages(messages);
  const may = useMay();
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const { modal, message } = App.useApp();
  const kept = useQuery(servicePasswordsQuery(customerId));
  const remove = useMutation({
    mutationFn: () => removeServicePassword(customerId, line.id),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => queries.invalidateQueries({ queryKey: servicePasswordsQuery(customerId).queryKey }),
  });
  if (kept.data === undefined || line.status === 'closed') return null;
  const own = kept.data.find((one) => one.subscription_id === line.id);
  const ask = () =>
    modal.confirm({
      title: t('password.remove_ask', { number: line.msisdn_masked }),
      content: t('password.remove_what'),
      okText: t('password.remove'),
      okButtonProps: { danger: true },
      cancelText: t('form.cancel'),
      onOk: () => remove.mutateAsync().catch(() => undefined),
    });
  return (
    <div className={`cl-note cl-secondary ${styles.row}`}>
      <span>{own === undefined ? t('password.none') : t('password.kept', { date: formatShortDay(own.set_at, zone, serverNow()) })}</span>
      {own !== undefined && may('customer:password') && (
        <Button type="link" size="small" danger onClick={() => void ask()}>
          {t('password.remove')}
        </Button>
      )}
    </div>
  );
}
