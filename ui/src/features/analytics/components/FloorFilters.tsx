import { Button, Select, Segmented } from 'antd';
import { AGENT_STATES, useStateName, type AgentStateCode } from '@/design/AgentState';
import { SearchInput } from '@/design/SearchInput';
import type { FloorShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { MEDIA, isFiltered, type FloorFilter } from '../model/filter';
import styles from './Floor.module.css';

const messages = catalogue(zh, en);
const ALL = '';

interface Props {
  floor: FloorShown;
  filter: FloorFilter;
  onFilter: (filter: FloorFilter) => void;
}

/** Which part of the floor is looked at. */
export function FloorFilters({ floor, filter, onFilter }: Props) {
  const t = useMessages(messages);
  const state = useStateName();
  return (
    <div className={styles.filters} role="search" aria-label={t('filter.title')}>
      <Segmented<string>
        aria-label={t('filter.media')}
        value={filter.media ?? ALL}
        onChange={(media) => onFilter({ ...filter, media: MEDIA.find((one) => one === media) })}
        options={[
          { value: ALL, label: t('filter.all_media') },
          { value: 'voice', label: t('filter.voice') },
          { value: 'chat', label: t('filter.chat') },
          { value: 'message', label: t('filter.message') },
        ]}
      />
      <Select<string>
        aria-label={t('queues.title')}
        value={filter.queue ?? ALL}
        onChange={(queue) => onFilter({ ...filter, queue: queue === ALL ? undefined : queue })}
        showSearch={{ optionFilterProp: 'label' }}
        options={[{ value: ALL, label: t('filter.all_queues') }, ...floor.queues.map(({ id, name }) => ({ value: id, label: name }))]}
        style={{ inlineSize: 160 }}
      />
      {floor.teams.length > 1 && (
        <Select<string>
          aria-label={t('filter.team')}
          value={filter.team ?? ALL}
          onChange={(team) => onFilter({ ...filter, team: team === ALL ? undefined : team })}
          showSearch={{ optionFilterProp: 'label' }}
          options={[{ value: ALL, label: t('filter.all_teams') }, ...floor.teams.map(({ id, name }) => ({ value: id, label: name }))]}
          style={{ inlineSize: 160 }}
        />
      )}
      <Select<string>
        aria-label={t('filter.state')}
        value={filter.state ?? ALL}
        onChange={(chosen) => onFilter({ ...filter, state: AGENT_STATES.find((one) => one === (chosen as AgentStateCode)) })}
        options={[{ value: ALL, label: t('filter.all_states') }, ...AGENT_STATES.map((value) => ({ value, label: state(value) }))]}
        style={{ inlineSize: 128 }}
      />
      <SearchInput label={t('agents.search')} words={filter.q} onWords={(q) => onFilter({ ...filter, q })} style={{ inlineSize: 160 }} />
      {isFiltered(filter) && (
        <Button type="link" onClick={() => onFilter({})}>
          {t('agents.clear')}
        </Button>
      )}
    </div>
  );
}
