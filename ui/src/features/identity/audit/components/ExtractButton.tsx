import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Modal, Space } from 'antd';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { askExtract, extractAddress } from '../api';
import { spanOf } from '../days';
import type { AuditFilter } from '../filter';
import { useAuditMessages } from '../sentence';
import styles from './Audit.module.css';

/** The way to take out what is found: as a file of either kind, and with its proof. */
export function ExtractButton({ filter }: { filter: AuditFilter }) {
  const t = useAuditMessages();
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  const [open, setOpen] = useState(false);
  const ask = useMutation({ mutationFn: () => askExtract(filter, spanOf(filter, zone)) });
  const close = () => {
    setOpen(false);
    ask.reset();
  };
  const id = ask.data?.id;
  return (
    <>
      <Button icon={<Download size={16} aria-hidden />} onClick={() => setOpen(true)}>
        {t('export')}
      </Button>
      <Modal title={t('extract.title')} open={open} onCancel={close} footer={null} classNames={{ body: styles.extract }} destroyOnHidden>
        <p>{t('extract.what')}</p>
        {ask.isError && <Alert type="error" showIcon title={sentence(ask.error)} />}
        {id === undefined ? (
          <Button type="primary" loading={ask.isPending} onClick={() => ask.mutate()}>
            {t('extract.ask')}
          </Button>
        ) : (
          <>
            <p aria-live="polite">{t('extract.ready')}</p>
            <Space wrap>
              <Button type="primary" href={extractAddress(id, 'csv')} download>
                {t('extract.csv')}
              </Button>
              <Button href={extractAddress(id, 'jsonl')} download>
                {t('extract.jsonl')}
              </Button>
              <Button href={extractAddress(id, 'proof')} download>
                {t('extract.proof')}
              </Button>
            </Space>
          </>
        )}
        <p className="cl-note cl-muted">{t('extract.proof_what')}</p>
      </Modal>
    </>
  );
}
