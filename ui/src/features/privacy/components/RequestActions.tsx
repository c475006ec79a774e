import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Select } from 'antd';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { DataRequestDetail, Refusal } from '@/shared/api/generated/types.gen';
import { save } from '@/shared/files/save';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { approveRequest, REFUSALS, refuseRequest, takeCopy } from '../api/requests';
import { messages } from '../messages';

/** A copy is taken; an erasure is decided by somebody else than who asked for it. */
export function RequestActions({ request }: { request: DataRequestDetail }) {
  const t = useMessages(messages);
  const may = useMay();
  if (request.file !== null && may('data-request:download')) {
    return request.takeable ? <Take id={request.id} /> : <p className="cl-secondary">{t('file.not_yours')}</p>;
  }
  if (request.state !== 'waiting') return null;
  if (!may('data-request:decide') || request.own) return <p className="cl-secondary">{t('decide.somebody_else')}</p>;
  return <Decide request={request} />;
}

function Take({ id }: { id: string }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const take = useMutation({
    mutationFn: () => takeCopy(id),
    onSuccess: save,
    onSettled: () => void queries.invalidateQueries({ queryKey: ['data-requests', 'one', id] }),
  });
  return (
    <>
      {take.isError && <Alert type="error" showIcon title={sentence(take.error)} style={{ marginBlockEnd: 12 }} />}
      <Button type="primary" icon={<Download size={16} aria-hidden />} loading={take.isPending} onClick={() => take.mutate()}>
        {t('file.take')}
      </Button>
    </>
  );
}

function Decide({ request }: { request: DataRequestDetail }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const { modal, message } = App.useApp();
  const [why, setWhy] = useState<Refusal | undefined>();
  const again = () => void queries.invalidateQueries({ queryKey: ['data-requests'] });
  const failed = (error: Error) => void message.error(sentence(error));
  const approve = useMutation({ mutationFn: () => approveRequest(request.id, request.version), onError: failed, onSettled: again });
  const refuse = useMutation({ mutationFn: (reason: Refusal) => refuseRequest(request.id, request.version, reason), onError: failed, onSettled: again });
  const blocked = request.hindrances.some((one) => one.blocks);
  const ask = () =>
    modal.confirm({
      title: t('approve.ask'),
      content: t('approve.what'),
      okText: t('approve.do'),
      okButtonProps: { danger: true },
      cancelText: t('cancel'),
      onOk: () => approve.mutateAsync().catch(() => undefined),
    });
  return (
    <div className="cl-row" style={{ gap: 8, flexWrap: 'wrap' }}>
      <Select
        aria-label={t('refusal')}
        placeholder={t('refuse.why')}
        style={{ inlineSize: 200 }}
        value={why}
        onChange={setWhy}
        options={REFUSALS.map((one) => ({ value: one, label: t(`refusal.${one}`) }))}
      />
      <Button disabled={why === undefined} loading={refuse.isPending} onClick={() => why !== undefined && refuse.mutate(why)}>
        {t('refuse.do')}
      </Button>
      {request.kind === 'erasure' ? (
        <Button type="primary" danger disabled={blocked} loading={approve.isPending} onClick={ask}>
          {t('approve')}
        </Button>
      ) : (
        <Button type="primary" loading={approve.isPending} onClick={() => approve.mutate()}>
          {t('approve.copy')}
        </Button>
      )}
    </div>
  );
}
