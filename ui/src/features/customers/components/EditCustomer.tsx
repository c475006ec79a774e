import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Drawer, Form, Select } from 'antd';
import { Pencil } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { CustomerChangeWanted, CustomerShown, Level } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { changeCustomer, tagsQuery } from '../api/customers';
import { useRecordChange } from '../hooks/useRecordChange';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { languageName } from '../model/language';

const messages = catalogue(zh, en);
const LEVELS = ['standard', 'silver', 'gold', 'diamond'] as const satisfies readonly Level[];
const LANGUAGES = ['zh-CN', 'yue', 'ug', 'bo', 'mn', 'en', 'ja', 'ko'] as const;
const TAGS_MAX = 20;

const NAMES = ['level', 'language', 'tags'] as const;

type Fields = Required<Pick<CustomerChangeWanted, 'level' | 'language' | 'tags'>>;

interface Props {
  customer: CustomerShown;
  open: boolean;
  onClose: () => void;
}

/** Opens the drawer, which begins with what is on record then. */
export function EditButton({ customer }: { customer: CustomerShown }) {
  const t = useMessages(messages);
  const [open, setOpen] = useState(false);
  const [times, setTimes] = useState(0);
  const begin = () => {
    setTimes(times + 1);
    setOpen(true);
  };
  return (
    <>
      <Button icon={<Pencil size={14} aria-hidden />} onClick={begin}>
        {t('edit.open')}
      </Button>
      <EditCustomer key={times} customer={customer} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

/** Level, language and tags. What was chosen stays when it could not be stored, and what was not touched is left alone. */
function EditCustomer({ customer, open, onClose }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [form] = Form.useForm<Fields>();
  const tags = useQuery({ ...tagsQuery, enabled: open });
  const words = new Set([...(tags.data ?? []).filter(({ retired }) => !retired).map(({ name }) => name), ...customer.tags]);
  const languages = new Set<string>([...LANGUAGES, customer.language]);
  const change = useRecordChange(
    customer.id,
    (fields: Fields) => {
      const touched = NAMES.filter((name) => form.isFieldTouched(name)).map((name) => [name, fields[name]] as const);
      return changeCustomer(customer.id, { ...Object.fromEntries(touched), version: customer.version });
    },
    onClose,
  );
  useEffect(() => {
    if (open) form.setFields(NAMES.filter((name) => !form.isFieldTouched(name)).map((name) => ({ name, value: customer[name] })));
  }, [customer, form, open]);
  return (
    <Drawer
      title={t('edit.title', { name: customer.name_masked })}
      open={open}
      onClose={onClose}
      size={440}
      destroyOnHidden
      footer={
        <div className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="primary" loading={change.isPending} onClick={() => form.submit()}>
            {t('form.save')}
          </Button>
        </div>
      }
    >
      {change.isError && <Alert type="error" showIcon title={sentence(change.error)} style={{ marginBottom: 16 }} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ level: customer.level, language: customer.language, tags: customer.tags }}
        onFinish={(fields) => {
          if (!change.isPending) change.mutate(fields);
        }}
      >
        <Form.Item name="level" label={t('edit.level')}>
          <Select options={LEVELS.map((level) => ({ value: level, label: t(`level.${level}`) }))} />
        </Form.Item>
        <Form.Item name="language" label={t('edit.language')}>
          <Select options={[...languages].map((language) => ({ value: language, label: languageName(language, t.language) }))} />
        </Form.Item>
        <Form.Item name="tags" label={t('edit.tags')} extra={t('edit.tags_help')}>
          <Select mode="multiple" maxCount={TAGS_MAX} loading={tags.isPending} options={[...words].map((tag) => ({ value: tag, label: tag }))} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
