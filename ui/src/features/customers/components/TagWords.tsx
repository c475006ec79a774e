import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { TagShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { addTag, retireTag, tagsQuery } from '../api/customers';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './RecordPage.module.css';

const messages = catalogue(zh, en);
const TAG_MAX = 20;

/** The words that customers may be tagged with. One that is retired stays where it was given. */
export function TagWords() {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const tags = useQuery(tagsQuery);
  const [name, setName] = useState('');
  const again = () => queries.invalidateQueries({ queryKey: tagsQuery.queryKey });
  const add = useMutation({
    mutationFn: (wanted: string) => addTag(wanted),
    onSuccess: () => {
      setName('');
      return again();
    },
  });
  const change = useMutation({ mutationFn: ({ id, retired }: TagShown) => retireTag(id, !retired), onSettled: again });
  const save = () => {
    if (name.trim() !== '' && !add.isPending) add.mutate(name.trim());
  };
  return (
    <section className={styles.words_page} aria-label={t('words.title')}>
      <p className="cl-secondary">{t('words.what')}</p>
      <div className={styles.buttons}>
        <Input
          aria-label={t('words.new')}
          placeholder={t('words.new')}
          value={name}
          maxLength={TAG_MAX}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={save}
          style={{ inlineSize: 240 }}
          {...(add.isError ? { status: 'error' as const } : {})}
        />
        <Button type="primary" disabled={name.trim() === ''} loading={add.isPending} onClick={save}>
          {t('words.add')}
        </Button>
      </div>
      {add.isError && <Alert type="error" showIcon title={sentence(add.error)} />}
      {change.isError && <Alert type="error" showIcon title={sentence(change.error)} />}
      {tags.isError && <ErrorPanel what={t('words.title')} error={tags.error} retry={() => void tags.refetch()} />}
      {tags.isPending && <Loading what={t('words.title')} rows={4} />}
      {tags.data?.length === 0 && <EmptyPanel>{t('words.none')}</EmptyPanel>}
      <ul className={styles.list}>
        {tags.data?.map((tag) => (
          <li key={tag.id} className={styles.row}>
            <span>
              <Label>{tag.name}</Label> {tag.retired && <span className="cl-note cl-muted">{t('words.retired')}</span>}
            </span>
            <Button size="small" aria-label={t(tag.retired ? 'words.restore_one' : 'words.retire_one', { name: tag.name })} onClick={() => change.mutate(tag)}>
              {t(tag.retired ? 'words.restore' : 'words.retire')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
