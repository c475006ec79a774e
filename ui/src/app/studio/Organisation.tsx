import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { PostDrawer } from '@/features/identity/staff/components/PostDrawer';
import { PostList } from '@/features/identity/staff/components/PostList';
import { UnitDrawer } from '@/features/identity/staff/components/UnitDrawer';
import { UnitTree } from '@/features/identity/staff/components/UnitTree';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';
import styles from './Organisation.module.css';

/** The departments as a tree, and the posts that people hold in them. */
export function Organisation() {
  const t = useMessages(messages);
  const navigate = useNavigate({ from: '/studio/organisation' });
  const { unit, post } = useSearch({ from: '/signed-in/studio/organisation' });
  const [below, setBelow] = useState<string | null>(null);
  const [makingPost, setMakingPost] = useState(false);
  const open = (search: { unit?: string; post?: string }) => void navigate({ search, replace: true });
  return (
    <div className={styles.columns}>
      <PageTop title={t('studio.organisation')} />
      <UnitTree chosen={unit} onChoose={(id) => open({ unit: id })} onAdd={setBelow} />
      <PostList onOpen={(id) => open({ post: id })} onNew={() => setMakingPost(true)} />
      <UnitDrawer
        hand={below !== null ? { below } : unit === undefined ? null : { id: unit }}
        onClose={() => {
          setBelow(null);
          open({});
        }}
      />
      <PostDrawer
        post={makingPost ? null : post}
        onClose={() => {
          setMakingPost(false);
          open({});
        }}
      />
    </div>
  );
}
