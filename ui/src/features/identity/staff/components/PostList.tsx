import { useQuery } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType } from 'antd';
import { Plus } from 'lucide-react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { PostShown } from '@/shared/api/generated/types.gen';
import { useMay } from '@/shared/session/session';
import { postsQuery } from '../api/staff';
import { useStaffMessages } from '../words';
import styles from './Staff.module.css';

/** What people are there for. */
export function PostList({ onOpen, onNew }: { onOpen: (postId: string) => void; onNew: () => void }) {
  const t = useStaffMessages();
  const may = useMay();
  const posts = useQuery(postsQuery);
  const columns: TableColumnsType<PostShown> = [
    {
      title: t('posts.name'),
      width: 200,
      render: (_, { id, name }) => (
        <button type="button" className={styles.open} onClick={() => onOpen(id)}>
          {name}
        </button>
      ),
    },
    { title: t('posts.duties'), responsive: ['sm'], render: (_, { duties }) => <span className="cl-secondary">{duties.split('\n').join(' · ') || '\u2014'}</span> },
    { title: t('role_field.people'), dataIndex: 'people', width: 110, align: 'right' },
  ];
  return (
    <section aria-labelledby="posts">
      <div className={styles.bar}>
        <h2 id="posts">{t('posts.title')}</h2>
        {may('org:manage') && (
          <Button icon={<Plus size={16} aria-hidden />} onClick={onNew}>
            {t('posts.new')}
          </Button>
        )}
      </div>
      {posts.isError && <ErrorPanel what={t('posts.title')} error={posts.error} retry={() => void posts.refetch()} />}
      {posts.isPending && <Loading what={t('posts.title')} rows={3} />}
      {posts.data?.length === 0 && <EmptyPanel>{t('posts.empty')}</EmptyPanel>}
      {posts.data !== undefined && posts.data.length > 0 && <Table<PostShown> size="small" rowKey="id" columns={columns} dataSource={posts.data} pagination={false} />}
    </section>
  );
}
