import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { ShieldCheck } from 'lucide-react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { formatMoment } from '@/shared/time/format';
import { serverNow } from '@/shared/time/clock';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { auditStateQuery, verifyAudit } from '../api';
import type { AuditFilter } from '../filter';
import { useAuditMessages } from '../sentence';
import { ExtractButton } from './ExtractButton';
import styles from './Audit.module.css';

/** How far the trail is sealed, whether it still is what was written, and the way to take it out. */
export function SealState({ filter }: { filter: AuditFilter }) {
  const t = useAuditMessages();
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const state = useQuery(auditStateQuery);
  const verify = useMutation({ mutationFn: verifyAudit, onSettled: () => queries.invalidateQueries({ queryKey: auditStateQuery.queryKey }) });
  const seal = state.data?.last_seal;
  return (
    <div className={styles.state}>
      <div className={styles.figures}>
        {state.data !== undefined && <span>{t('state.entries', { n: state.data.entries })}</span>}
        {seal !== undefined && seal !== null && (
          <span>
            {t('state.sealed', { seq: seal.to_seq, seals: seal.number, at: formatMoment(seal.sealed_at, t.language, zone, serverNow()) })}{' '}
            <code title={seal.hash}>{seal.hash.slice(0, 12)}</code>
          </span>
        )}
        <span className={styles.grow} />
        <Button icon={<ShieldCheck size={16} aria-hidden />} loading={verify.isPending} onClick={() => verify.mutate()}>
          {t('verify')}
        </Button>
        <ExtractButton filter={filter} />
      </div>
      <div aria-live="polite">
        {verify.isError && <Alert type="error" showIcon title={sentence(verify.error)} />}
        {verify.data?.breaches.length === 0 && <Alert type="success" showIcon title={t('verify.sound', { entries: verify.data.entries, seals: verify.data.seals })} />}
        {verify.data !== undefined && verify.data.breaches.length > 0 && (
          <Alert
            type="error"
            showIcon
            title={t('verify.broken', { n: verify.data.breaches.length })}
            description={
              <ul>
                {verify.data.breaches.slice(0, 20).map(({ kind, first, last }) => (
                  <li key={`${kind} ${first}`}>
                    <code>{kind}</code> {first === last ? first : `${first}\u2026${last}`}
                  </li>
                ))}
              </ul>
            }
          />
        )}
      </div>
    </div>
  );
}
