import { useQuery } from '@tanstack/react-query';
import { Button, Tree } from 'antd';
import { Plus } from 'lucide-react';
import { ErrorPanel, Loading } from '@/design/panels';
import { useMay } from '@/shared/session/session';
import { unitsQuery } from '../api/staff';
import { treeOf, type UnitNode } from '../tree';
import { useStaffMessages } from '../words';
import styles from './Staff.module.css';

interface Props {
  chosen: string | undefined;
  onChoose: (unitId: string) => void;
  onAdd: (parentId: string) => void;
}

interface Branch {
  key: string;
  title: string;
  people: number;
  children: Branch[];
}

const branchOf = ({ value, title, unit, children }: UnitNode): Branch => ({ key: value, title, people: unit.people, children: children.map(branchOf) });

/** The departments, with how many people each has by itself. */
export function UnitTree({ chosen, onChoose, onAdd }: Props) {
  const t = useStaffMessages();
  const may = useMay();
  const units = useQuery(unitsQuery);
  const root = units.data?.find((unit) => unit.parent_id === null);
  return (
    <section aria-labelledby="units">
      <div className={styles.bar}>
        <h2 id="units">{t('units.title')}</h2>
        {may('org:manage') && root !== undefined && (
          <Button type="primary" icon={<Plus size={16} aria-hidden />} onClick={() => onAdd(chosen ?? root.id)}>
            {t('units.new')}
          </Button>
        )}
      </div>
      {units.isError && <ErrorPanel what={t('units.title')} error={units.error} retry={() => void units.refetch()} />}
      {units.isPending && <Loading what={t('units.title')} rows={6} />}
      {units.data !== undefined && (
        <Tree<Branch>
          aria-label={t('units.title')}
          blockNode
          defaultExpandAll
          showLine
          treeData={treeOf(units.data).map(branchOf)}
          selectedKeys={chosen === undefined ? [] : [chosen]}
          onSelect={(_, { node }) => onChoose(node.key)}
          titleRender={({ title, people }) => (
            <span>
              {title} <span className="cl-muted">{people > 0 ? t('units.people', { n: people }) : ''}</span>
            </span>
          )}
        />
      )}
    </section>
  );
}
