import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { SearchInput } from '@/design/SearchInput';
import type { AgentSettingsShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { queuesQuery, skillsQuery } from '../api/queues';
import { agentsQuery, desksQuery } from '../api/staff';
import { messages } from '../messages';
import { AgentDrawer } from './AgentDrawer';
import styles from './Settings.module.css';

interface Props {
  q: string | undefined;
  onSearch: (q: string | undefined) => void;
}

/** Agents as they are set: number, how much at once, skills, queues and desk. */
export function AgentList({ q, onSearch }: Props) {
  const t = useMessages(messages);
  const agents = useInfiniteQuery(agentsQuery(q));
  const skills = useQuery(skillsQuery);
  const desks = useQuery(desksQuery);
  const queues = useQuery(queuesQuery());
  const [open, setOpen] = useState<AgentSettingsShown | 'new' | null>(null);
  const items = agents.data?.pages.flatMap((page) => page.items) ?? [];
  const skillName = (code: string) => skills.data?.find((skill) => skill.code === code)?.name ?? code;

  const columns: TableColumnsType<AgentSettingsShown> = [
    { title: t('agent.number'), dataIndex: 'number', width: 90 },
    {
      title: t('field.name'),
      width: 140,
      render: (_, agent) => (
        <Button type="link" className={styles.open} onClick={() => setOpen(agent)}>
          {agent.display_name}
        </Button>
      ),
    },
    {
      title: t('agent.capacity'),
      width: 250,
      responsive: ['sm'],
      className: 'cl-nowrap',
      render: (_, { capacity }) => t('agent.carries', { voice: capacity.voice ?? 0, chat: capacity.chat ?? 0, message: capacity.message ?? 0 }),
    },
    {
      title: t('agent.skills'),
      responsive: ['md'],
      render: (_, agent) =>
        Object.entries(agent.skills)
          .map(([code, level]) => `${skillName(code)} ${level}`)
          .join(t('words.list')) || '\u2014',
    },
    {
      title: t('agent.queues'),
      width: 130,
      responsive: ['lg'],
      render: (_, agent) => (Array.isArray(agent.queues) ? t('agent.some_queues', { n: agent.queues.length }) : t('agent.all_queues')),
    },
    { title: t('agent.desk'), width: 130, responsive: ['md'], render: (_, { desk_id }) => desks.data?.find((desk) => desk.id === desk_id)?.name ?? '\u2014' },
    { title: '', width: 80, align: 'right', render: (_, { active }) => (active === false ? <Label tone="warn">{t('agent.inactive')}</Label> : null) },
  ];

  return (
    <section aria-label={t('agents.title')}>
      <div className={styles.top}>
        <SearchInput className={styles.search} label={t('agents.search')} words={q} onWords={onSearch} />
        {!agents.isError && (
          <Button type="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setOpen('new')}>
            {t('agents.new')}
          </Button>
        )}
      </div>
      {agents.isError && <ErrorPanel what={t('agents.title')} error={agents.error} retry={() => void agents.refetch()} />}
      {agents.isPending && <Loading what={t('agents.title')} rows={8} />}
      {agents.data !== undefined && items.length === 0 && <EmptyPanel>{q === undefined ? t('agents.empty') : t('agents.none_match', { q })}</EmptyPanel>}
      {items.length > 0 && (
        <>
          <Table<AgentSettingsShown> className={styles.table} size="small" rowKey="id" columns={columns} dataSource={items} pagination={false} />
          {agents.hasNextPage && (
            <Button style={{ marginTop: 16 }} loading={agents.isFetchingNextPage} onClick={() => void agents.fetchNextPage()}>
              {t('agents.more')}
            </Button>
          )}
        </>
      )}
      {open !== null && <AgentDrawer agent={open === 'new' ? null : open} skills={skills.data ?? []} desks={desks.data ?? []} queues={queues.data ?? []} known={items} onClose={() => setOpen(null)} />}
    </section>
  );
}
