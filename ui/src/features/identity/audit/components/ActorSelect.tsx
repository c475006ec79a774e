import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useMay } from '@/shared/session/session';
import { actorsQuery, programsQuery } from '../api';
import { useAuditMessages, useAuditWords } from '../sentence';

interface Props {
  by: string | undefined;
  names: Readonly<Record<string, string>>;
  onBy: (by: string | undefined) => void;
}

/** Who did it: people by part of their name or login, programs, and the system itself. */
export function ActorSelect({ by, names, onBy }: Props) {
  const t = useAuditMessages();
  const words = useAuditWords();
  const may = useMay();
  const [typed, setTyped] = useState('');
  const sought = useDeferredValue(typed.trim());
  const people = useQuery(actorsQuery(sought));
  const programs = useQuery({ ...programsQuery, enabled: may('service-account:read') });
  const system = { value: 'system', label: t('actor.system') };
  const fits = (label: string) => label.toLowerCase().includes(sought.toLowerCase());
  const options = [
    ...(people.data ?? []).map((one) => ({ value: `user:${one.id}`, label: `${one.display_name} ${one.login}` })),
    ...[system, ...(programs.data ?? []).map((one) => ({ value: `service:${one.id}`, label: one.name }))].filter(({ label }) => fits(label)),
  ];
  const chosen = options.find(({ value }) => value === by);
  return (
    <Select<{ value: string; label: string } | null>
      aria-label={t('filter.any_actor')}
      placeholder={t('filter.any_actor')}
      labelInValue
      value={by === undefined ? null : (chosen ?? { value: by, label: words.actorName(by, names) })}
      onChange={(one) => onBy(one?.value)}
      options={options}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={people.isFetching}
      allowClear
      popupMatchSelectWidth={260}
      style={{ inlineSize: 200 }}
    />
  );
}
