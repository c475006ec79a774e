import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, TreeSelect } from 'antd';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { OrgUnitShown } from '@/shared/api/generated/types.gen';
import { useMay } from '@/shared/session/session';
import { closeUnit } from '../api/organisation';
import { STAFF } from '../api/staff';
import { treeOf } from '../tree';
import { useStaffMessages } from '../words';
import styles from './Staff.module.css';

/** Closing a department: none below it, and its people are told where they go. */
export function CloseUnit({ unit, units, onClosed }: { unit: OrgUnitShown; units: readonly OrgUnitShown[]; onClosed: () => void }) {
  const t = useStaffMessages();
  const may = useMay();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const [to, setTo] = useState<string | null>(null);
  const below = units.filter(({ parent_id }) => parent_id === unit.id).length;
  const close = useMutation({
    mutationFn: () => closeUnit(unit.id, { people_to: unit.people > 0 ? to : null, version: unit.version }),
    onSuccess: () => {
      void message.success(t('units.closed', { name: unit.name }));
      onClosed();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: STAFF }),
  });
  if (!may('org:manage') || unit.parent_id === null) return null;
  return (
    <section className={styles.section} aria-labelledby="close-unit">
      <h2 id="close-unit">{t('units.close')}</h2>
      <p className="cl-secondary">{below > 0 ? t('units.close_has_units', { n: below }) : unit.people > 0 ? t('units.close_has_people', { n: unit.people }) : t('units.close_what')}</p>
      {close.isError && <Alert type="error" showIcon title={sentence(close.error)} style={{ marginBottom: 12 }} />}
      {below === 0 && (
        <div className={styles.actions}>
          {unit.people > 0 && (
            <TreeSelect<string | null>
              aria-label={t('units.people_to')}
              placeholder={t('units.people_to')}
              value={to}
              onChange={setTo}
              treeData={treeOf(units.filter(({ id }) => id !== unit.id))}
              treeDefaultExpandAll
              style={{ inlineSize: 220 }}
            />
          )}
          <Button
            danger
            disabled={unit.people > 0 && to === null}
            onClick={() =>
              modal.confirm({
                title: t('units.close_ask', { name: unit.name }),
                okText: t('units.close'),
                cancelText: t('form.cancel'),
                okButtonProps: { danger: true },
                onOk: () => close.mutateAsync().catch(() => undefined),
              })
            }
          >
            {t('units.close')}
          </Button>
        </div>
      )}
    </section>
  );
}
