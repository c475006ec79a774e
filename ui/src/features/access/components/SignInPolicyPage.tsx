import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Radio } from 'antd';
import { useState } from 'react';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { FactorNeed, SignInPolicy } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { NEEDS, policyQuery, setPolicy } from '../api/access';
import { messages } from '../messages';
import styles from './Access.module.css';

/** Whom the centre asks for a second factor. */
export function SignInPolicyPage() {
  const t = useMessages(messages);
  const policy = useQuery(policyQuery);
  return (
    <section className="cl-page" aria-label={t('policy.title')}>
      {policy.isError && <ErrorPanel what={t('policy.title')} error={policy.error} retry={() => void policy.refetch()} />}
      {policy.isPending && <Loading what={t('policy.title')} rows={3} />}
      {policy.data !== undefined && <Choice key={policy.data.version} policy={policy.data} />}
    </section>
  );
}

function Choice({ policy }: { policy: SignInPolicy }) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState<FactorNeed>(policy.second_factor);
  const save = useMutation({
    mutationFn: setPolicy,
    onSuccess: (changed) => {
      queries.setQueryData(policyQuery.queryKey, changed);
      void message.success(t('policy.saved'));
    },
    onError: (error) => {
      void message.error(sentence(error));
      void queries.invalidateQueries(policyQuery);
    },
  });
  return (
    <div>
      <h2 id="policy-factor" className="cl-panel-title">{t('policy.factor')}</h2>
      <p className="cl-secondary">{t('policy.what')}</p>
      <Radio.Group aria-labelledby="policy-factor" className={styles.needs} value={chosen} onChange={({ target }) => setChosen(target.value as FactorNeed)}>
        {NEEDS.map((need) => (
          <Radio key={need} value={need}>
            {t(`need.${need}`)}
          </Radio>
        ))}
      </Radio.Group>
      {chosen !== policy.second_factor && chosen !== 'nobody' && <Alert type="info" showIcon title={t('policy.at_once')} style={{ marginBottom: 16 }} />}
      <Button type="primary" disabled={chosen === policy.second_factor} loading={save.isPending} onClick={() => save.mutate({ second_factor: chosen, version: policy.version })}>
        {t('policy.save')}
      </Button>
    </div>
  );
}
