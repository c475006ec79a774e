import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { SearchInput } from '@/design/SearchInput';
import { useErrorSentence } from '@/design/useErrorSentence';
import { Problem } from '@/shared/http/problem';
import { useMessages } from '@/shared/i18n/useMessages';
import { skillsQuery } from '../api/queues';
import { agentsQuery, changeLevels } from '../api/staff';
import { messages } from '../messages';
import { changesOf, levelAt, withLevel, withoutSaved, type Drafts } from '../model/levels';
import { SkillBar } from './SkillBar';
import styles from './SkillMatrix.module.css';

interface Props {
  q: string | undefined;
  onSearch: (q: string | undefined) => void;
}

/** Agents × skills. A digit sets a level, 0 takes it away, arrows go from cell to cell; all is saved at once. */
export function SkillMatrix({ q, onSearch }: Props) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const skills = useQuery(skillsQuery);
  const agents = useInfiniteQuery(agentsQuery(q));
  const [drafts, setDrafts] = useState<Drafts>({});
  const rows = agents.data?.pages.flatMap((page) => page.items) ?? [];
  const columns = skills.data ?? [];
  const changes = changesOf(rows, drafts);
  const count = changes.reduce((sum, change) => sum + Object.keys(change.skills).length, 0);
  const saving = useMutation({
    mutationFn: () => changeLevels(changes),
    onSuccess: () => {
      setDrafts((held) => withoutSaved(held, changes));
      void message.success(t('form.saved'));
      void cache.invalidateQueries({ queryKey: ['routing-settings'] });
    },
  });
  const stale = saving.error instanceof Problem && saving.error.code === 'settings-changed';
  const refresh = () => {
    saving.reset();
    void agents.refetch();
  };

  const onKey = (event: KeyboardEvent<HTMLTableElement>) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-at]');
    if (cell === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const [row = 0, column = 0] = (cell.dataset.at ?? '').split(',').map(Number);
    const agent = rows[row];
    const skill = columns[column];
    if (agent === undefined || skill === undefined) return;
    const go = (down: number, right: number) => event.currentTarget.querySelector<HTMLElement>(`[data-at="${row + down},${column + right}"]`)?.focus();
    if (/^[0-5]$/.test(event.key)) setDrafts((held) => withLevel(held, agent, skill.code, Number(event.key)));
    else if (event.key === 'Delete' || event.key === 'Backspace') setDrafts((held) => withLevel(held, agent, skill.code, 0));
    else if (event.key === 'ArrowUp') go(-1, 0);
    else if (event.key === 'ArrowDown') go(1, 0);
    else if (event.key === 'ArrowLeft') go(0, -1);
    else if (event.key === 'ArrowRight') go(0, 1);
    else return;
    event.preventDefault();
  };

  const failed = [agents, skills].find((query) => query.isError && query.data === undefined);
  if (failed !== undefined) return <ErrorPanel what={t('skills.title')} error={failed.error} retry={() => void failed.refetch()} />;
  return (
    <section aria-label={t('skills.title')}>
      <div className={styles.top}>
        <SearchInput className={styles.search} label={t('agents.search')} words={q} onWords={onSearch} />
      </div>
      <SkillBar skills={columns} />
      <p className="cl-note cl-secondary" style={{ marginBlock: 12 }}>{t('skills.how')}</p>
      {(agents.isPending || skills.isPending) && <Loading what={t('skills.title')} rows={8} />}
      {agents.data !== undefined && rows.length === 0 && <EmptyPanel>{q === undefined ? t('agents.empty') : t('agents.none_match', { q })}</EmptyPanel>}
      {rows.length > 0 && columns.length > 0 && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('skills.matrix')}>
          <table className={styles.matrix} onKeyDown={onKey}>
            <thead>
              <tr>
                <th scope="col">{t('agents.title')}</th>
                {columns.map(({ code, name }) => (
                  <th key={code} scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((agent, row) => (
                <tr key={agent.id}>
                  <th scope="row">
                    {agent.display_name} <span className="cl-note cl-muted">{agent.number}</span>
                  </th>
                  {columns.map(({ code, name }, column) => {
                    const level = levelAt(drafts, agent, code);
                    const touched = level !== (agent.skills[code] ?? 0);
                    return (
                      <td key={code}>
                        <button
                          type="button"
                          data-at={`${row},${column}`}
                          data-level={level}
                          className={touched ? `${styles.cell} ${styles.touched}` : styles.cell}
                          aria-label={t('skills.cell', { agent: agent.display_name, skill: name, level })}
                          onClick={() => setDrafts((held) => withLevel(held, agent, code, (level + 1) % 6))}
                        >
                          {level === 0 ? '\u00b7' : level}
                        </button>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {agents.hasNextPage && (
        <Button style={{ marginTop: 16 }} loading={agents.isFetchingNextPage} onClick={() => void agents.fetchNextPage()}>
          {t('agents.more')}
        </Button>
      )}
      {saving.isError && <Alert type="error" showIcon title={t('form.failed', { why: sentence(saving.error) })} action={stale ? <Button size="small" onClick={refresh}>{t('form.theirs')}</Button> : undefined} style={{ marginTop: 12 }} />}
      {count > 0 && (
        <div className={styles.bar}>
          <Button type="primary" loading={saving.isPending} onClick={() => saving.mutate()}>
            {t('skills.save', { n: count })}
          </Button>
          <Button onClick={() => setDrafts({})}>{t('skills.discard')}</Button>
        </div>
      )}
    </section>
  );
}
