import { useQuery } from '@tanstack/react-query';
import { Alert, Drawer } from 'antd';
import { ErrorPanel, Loading } from '@/design/panels';
import type { DataRequestDetail } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatDay, formatMoment, formatShortDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { requestQuery } from '../api/requests';
import { messages } from '../messages';
import { RequestActions } from './RequestActions';
import { RequestState } from './RequestState';
import styles from './Requests.module.css';

/** One request: who asked, what stands against it, and what was done. */
export function RequestDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const t = useMessages(messages);
  const found = useQuery({ ...requestQuery(id ?? ''), enabled: id !== null });
  const request = id === null ? undefined : found.data;
  return (
    <Drawer
      title={request === undefined ? t('title') : t(`kind.${request.kind}`)}
      open={id !== null}
      onClose={onClose}
      size={480}
      destroyOnHidden
      footer={request !== undefined && <RequestActions request={request} />}
    >
      {found.isError && <ErrorPanel what={t('title')} error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && id !== null && <Loading what={t('title')} rows={6} />}
      {request !== undefined && <Facts request={request} />}
    </Drawer>
  );
}

function Facts({ request }: { request: DataRequestDetail }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const moment = (at: string) => formatMoment(at, t.language, zone, serverNow());
  return (
    <>
      <dl className={styles.facts}>
        <dt>{t('state')}</dt>
        <dd>
          <RequestState request={request} />
        </dd>
        <dt>{t('customer')}</dt>
        <dd>{request.customer_name ?? t('customer.hidden')}</dd>
        <dt>{t('asked')}</dt>
        <dd>{t('by_at', { name: request.asked_by ?? '', at: moment(request.asked_at) })}</dd>
        <dt>{t('identified')}</dt>
        <dd>{t(`level.${request.assurance}` as 'level.real_name')}</dd>
        <dt>{t('due')}</dt>
        <dd>{formatDay(request.due_at, t.language, zone)}</dd>
        {request.decided_at !== null && (
          <>
            <dt>{t('decided')}</dt>
            <dd>{t('by_at', { name: request.decided_by ?? '', at: moment(request.decided_at) })}</dd>
          </>
        )}
        {request.refusal !== null && (
          <>
            <dt>{t('refusal')}</dt>
            <dd>{t(`refusal.${request.refusal}`)}</dd>
          </>
        )}
        {request.done_at !== null && (
          <>
            <dt>{t('done')}</dt>
            <dd>{moment(request.done_at)}</dd>
          </>
        )}
        {request.file !== null && (
          <>
            <dt>{t('file')}</dt>
            <dd>{t('file.until', { kib: Math.ceil(request.file.size / 1024), at: moment(request.file.expires_at) })}</dd>
          </>
        )}
        {request.taken.length > 0 && (
          <>
            <dt>{t('taken')}</dt>
            <dd>
              <ul className={styles.list}>
                {request.taken.map((one) => (
                  <li key={one.by}>{t('by_at', { name: one.by, at: moment(one.at) })}</li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
      {request.stuck && <Alert type="error" showIcon style={{ marginBlockEnd: 12 }} title={t('stuck.what')} />}
      {request.hindrances.map((one) => (
        <Alert
          key={one.code}
          type={one.blocks ? 'error' : 'warning'}
          showIcon
          style={{ marginBlockEnd: 12 }}
          title={t(`hindrance.${one.code}` as 'hindrance.open-case', { n: one.count })}
        />
      ))}
      <Done request={request} />
    </>
  );
}

/** How much of what went, and what has to stay for a while. */
function Done({ request }: { request: DataRequestDetail }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const gone = request.steps.flatMap((step) => Object.entries(step.counts).filter(([, n]) => n > 0));
  const kept = request.steps.flatMap((step) => step.kept);
  if (request.steps.length === 0) return null;
  return (
    <>
      <h3>{t('gone')}</h3>
      {gone.length === 0 && <p className="cl-muted">{t('gone.nothing')}</p>}
      <ul className={styles.list}>
        {gone.map(([category, n]) => (
          <li key={category}>{t('gone.some', { what: t(`category.${category}` as 'category.notes'), n })}</li>
        ))}
      </ul>
      {kept.length > 0 && <h3>{t('kept')}</h3>}
      <ul className={styles.list}>
        {kept.map((one) => (
          <li key={one.category}>
            {t('kept.some', {
              what: t(`category.${one.category}` as 'category.notes'),
              n: one.count,
              why: t(`why.${one.why}`),
              day: formatShortDay(one.until, zone, serverNow()),
            })}
          </li>
        ))}
      </ul>
    </>
  );
}
