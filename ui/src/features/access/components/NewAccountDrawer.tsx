import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Drawer, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Scope, ServiceAccountList, ServiceTokenShown } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { createServiceAccount } from '../api/access';
import { messages } from '../messages';
import { usePermissionName } from '@/shared/permissions/permissionName';
import styles from './Access.module.css';

const DAYS = [30, 90, 180, 365] as const;
const DAY_MS = 86_400_000;

interface Fields {
  name: string;
  days: number;
}

type Permissions = Record<string, Scope>;
type Grantable = ServiceAccountList['grantable'];

interface Props {
  open: boolean;
  /** What it may be given, and how far. */
  grantable: Grantable;
  onClose: () => void;
  onMade: (made: ServiceTokenShown) => void;
}

export function NewAccountDrawer({ open, grantable, onClose, onMade }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [form] = Form.useForm<Fields>();
  const [permissions, setPermissions] = useState<Permissions>({});
  const make = useMutation({
    mutationFn: ({ name, days }: Fields) =>
      createServiceAccount({ name: name.trim(), permissions, expires_at: new Date(serverNow() + days * DAY_MS).toISOString() }),
    gcTime: 0,
    onSuccess: (made) => {
      form.resetFields();
      setPermissions({});
      onMade(made);
    },
    onError: (error) => {
      if (error instanceof Problem && error.field === 'name') form.setFields([{ name: 'name', errors: [sentence(error)] }]);
    },
  });
  const beside = make.error instanceof Problem && make.error.field === 'name';
  return (
    <Drawer
      title={t('new.title')}
      open={open}
      onClose={onClose}
      size={480}
      footer={
        <div className="cl-row" style={{ gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('accounts.cancel')}</Button>
          <Button type="primary" loading={make.isPending} onClick={() => form.submit()}>
            {t('new.make')}
          </Button>
        </div>
      }
    >
      {make.isError && !beside && <Alert type="error" showIcon title={sentence(make.error)} style={{ marginBottom: 16 }} />}
      <Form<Fields> form={form} layout="vertical" requiredMark={false} initialValues={{ name: '', days: 90 }} onFinish={(fields) => make.mutate(fields)}>
        <Form.Item name="name" label={t('accounts.name')} extra={t('new.name_hint')} rules={[{ required: true, whitespace: true, message: t('new.name_needed') }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="days" label={t('new.days')} extra={t('new.days_hint')}>
          <Select options={DAYS.map((days) => ({ value: days, label: t('new.for_days', { days }) }))} />
        </Form.Item>
        <PermissionChoice grantable={grantable} chosen={permissions} onChange={setPermissions} />
      </Form>
    </Drawer>
  );
}

function PermissionChoice({ grantable, chosen, onChange }: { grantable: Grantable; chosen: Permissions; onChange: (next: Permissions) => void }) {
  const t = useMessages(messages);
  const nameOf = usePermissionName();
  const without = (code: string) => Object.fromEntries(Object.entries(chosen).filter(([one]) => one !== code));
  const codes = Object.keys(grantable).sort();
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="cl-strong">{t('accounts.permissions')}</legend>
      <p className="cl-note cl-muted" style={{ marginBottom: 8 }}>
        {t('new.permissions_hint')}
      </p>
      {codes.map((code) => {
        const scopes = grantable[code] ?? [];
        const widest = scopes.at(-1) ?? 'tenant';
        return (
          <div key={code} className={styles.permission}>
            <Checkbox
              checked={chosen[code] !== undefined}
              onChange={({ target }) => onChange(target.checked ? { ...chosen, [code]: widest } : without(code))}
            >
              {nameOf(code)} <span className="cl-note cl-muted">{code}</span>
            </Checkbox>
            {chosen[code] !== undefined && scopes.length > 1 && (
              <Select<Scope>
                size="small"
                aria-label={t('new.scope_of', { name: nameOf(code) })}
                value={chosen[code]}
                onChange={(scope) => onChange({ ...chosen, [code]: scope })}
                options={scopes.map((scope) => ({ value: scope, label: t(`scope.${scope}`) }))}
                style={{ inlineSize: 140 }}
              />
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
