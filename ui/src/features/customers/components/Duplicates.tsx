import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { CustomerShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { duplicatesQuery } from '../api/merging';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { Likeliness } from './Likeliness';
import styles from './RecordPage.module.css';

const messages = catalogue(zh, en);

/** Who else may be this customer; each can be looked at beside them. */
export function Duplicates({ customer }: { customer: CustomerShown }) {
  const t = useMessages(messages);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<Copy size={14} aria-hidden />} onClick={() => setOpen(true)}>
        {t('duplicates.open')}
      </Button>
      <Drawer title={t('duplicates.title', { name: customer.name_masked })} open={open} onClose={() => setOpen(false)} size={440} destroyOnHidden>
        <Found customer={customer} />
      </Drawer>
    </>
  );
}

function Found({ customer }: { customer: CustomerShown }) {
  const t = useMessages(messages);
  const found = useQuery(duplicatesQuery(customer.id));
  if (found.isError && found.data === undefined) return <ErrorPanel what={t('duplicates.open')} error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending) return <Loading what={t('duplicates.open')} rows={4} />;
  if (found.data.items.length === 0) return <EmptyPanel>{t('duplicates.none')}</EmptyPanel>;
  return (
    <ul className={styles.list}>
      {found.data.items.map(({ customer: other, likeness, reasons }) => (
        <li key={other.id}>
          <div className={styles.row}>
            <b>{other.name_masked}</b>
            <Link to="/customers/$customerId/merge" params={{ customerId: customer.id }} search={{ with: other.id }}>
              {t('duplicates.compare')}
            </Link>
          </div>
          <p className="cl-note cl-muted">{other.subscriptions.map(({ msisdn_masked }) => msisdn_masked).join(t('panel.and'))}</p>
          <Likeliness likeness={likeness} reasons={reasons} />
        </li>
      ))}
      {found.data.more && <li className="cl-note cl-muted">{t('duplicates.more')}</li>}
    </ul>
  );
}
