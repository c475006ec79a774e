import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form, Input, TreeSelect } from 'antd';
import { useFieldErrors } from '@/design/useFieldErrors';
import type { OrgUnitShown } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { useMay } from '@/shared/session/session';
import { addUnit, changeUnit } from '../api/organisation';
import { STAFF, unitsQuery } from '../api/staff';
import { pathOf, treeOf, withBelow, type UnitNode } from '../tree';
import { useStaffMessages } from '../words';
import { CloseUnit } from './CloseUnit';
import styles from './Staff.module.css';
import { NAME_MAX } from './UserFields';

/** A department that is there, or a new one below another. */
export type UnitAtHand = { id: string } | { below: string };

interface Props {
  hand: UnitAtHand | null;
  onClose: () => void;
}

export function UnitDrawer({ hand, onClose }: Props) {
  const t = useStaffMessages();
  const units = useQuery(unitsQuery);
  const all = units.data ?? [];
  const unit = hand !== null && 'id' in hand ? all.find(({ id }) => id === hand.id) : undefined;
  const below = hand !== null && 'below' in hand ? hand.below : null;
  return (
    <Drawer title={below === null ? t('units.one') : t('units.new')} open={below !== null || unit !== undefined} onClose={onClose} size={440} destroyOnHidden>
      {below !== null && <UnitForm key="new" unit={null} parentId={below} units={all} onDone={onClose} />}
      {unit !== undefined && (
        <div key={unit.id}>
          <p className="cl-secondary" style={{ marginBottom: 16 }}>
            {pathOf(all, unit.id).join(' / ')}
          </p>
          <UnitForm unit={unit} parentId={unit.parent_id} units={all} onDone={() => undefined} />
          <CloseUnit unit={unit} units={all} onClosed={onClose} />
        </div>
      )}
    </Drawer>
  );
}

interface Fields {
  name: string;
  parent_id?: string;
}

/** Branches below which a department may go: anywhere but into itself. */
function without(nodes: UnitNode[], gone: Set<string>): UnitNode[] {
  return nodes.filter(({ value }) => !gone.has(value)).map((node) => ({ ...node, children: without(node.children, gone) }));
}

function UnitForm({ unit, parentId, units, onDone }: { unit: OrgUnitShown | null; parentId: string | null; units: readonly OrgUnitShown[]; onDone: () => void }) {
  const t = useStaffMessages();
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const errors = useFieldErrors(form, ['name', 'parent_id']);
  const key = ['save-unit', unit?.id];
  const settled = () => queries.invalidateQueries({ queryKey: STAFF });
  const save = useMutation({
    mutationKey: key,
    mutationFn: ({ name, parent_id }: Fields) =>
      unit === null
        ? addUnit(parent_id ?? parentId ?? '', name)
        : changeUnit(unit.id, {
            ...(form.isFieldTouched('name') ? { name } : {}),
            ...(form.isFieldTouched('parent_id') ? { parent_id } : {}),
            version: unit.version,
          }),
    onSuccess: async () => {
      errors.clear();
      await settled();
      void message.success(t('form.saved'));
      onDone();
    },
    onError: (error) => {
      if (error instanceof Problem && error.code === 'org-unit-changed') void settled();
      errors.show(error);
    },
  });
  const mine = may('org:manage');
  return (
    <section className={styles.section}>
      {errors.general !== null && <Alert type="error" showIcon title={errors.general} style={{ marginBottom: 16 }} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: unit?.name ?? '', parent_id: parentId ?? undefined }}
        onFinish={(fields) => {
          if (queries.isMutating({ mutationKey: key }) === 0) save.mutate(fields);
        }}
      >
        <Form.Item name="name" label={t('units.name')} rules={[{ required: true, whitespace: true, message: t('units.name_needed') }]}>
          <Input maxLength={NAME_MAX} disabled={!mine} />
        </Form.Item>
        {parentId !== null && (
          <Form.Item name="parent_id" label={t('units.parent')}>
            <TreeSelect treeData={without(treeOf(units), unit === null ? new Set() : withBelow(units, unit.id))} treeDefaultExpandAll disabled={!mine} />
          </Form.Item>
        )}
        {mine && (
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {unit === null ? t('units.make') : t('units.save')}
          </Button>
        )}
      </Form>
    </section>
  );
}
