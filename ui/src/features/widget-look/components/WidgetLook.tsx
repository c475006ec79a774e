import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { LookInFull, LooksShown } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { catalogue } from '@/shared/i18n/catalogue';
import { copyText } from '@/shared/clipboard/copy';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { addPicture, editedLook, looksQuery, publishLook, saveLook } from '../api/looks';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { scriptTag } from '../model/contrast';
import { LookForm } from './LookForm';
import { LookPreview } from './LookPreview';
import { PastLooks } from './PastLooks';
import styles from './WidgetLook.module.css';

const messages = catalogue(zh, en);

/** How the widget and the customer page look: edited as a draft beside the real thing, published, rolled back. */
export function WidgetLook() {
  const t = useMessages(messages);
  const looks = useQuery(looksQuery);
  /** How often the editing was begun anew. */
  const [begun, setBegun] = useState(0);
  if (looks.isError && looks.data === undefined) return <ErrorPanel what={t('title')} error={looks.error} retry={() => void looks.refetch()} />;
  if (looks.data === undefined) return <Loading what={t('title')} rows={8} />;
  // What somebody else saved is seen by loading it; until then what is being typed stays.
  return <Editor key={begun} looks={looks.data} reload={() => void looks.refetch().then(() => setBegun(begun + 1))} />;
}

function Editor({ looks, reload }: { looks: LooksShown; reload: () => void }) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const sentence = useErrorSentence();
  const { message } = App.useApp();
  const { tenant } = useSession();
  const [begun] = useState(() => editedLook(looks));
  const [look, setLook] = useState<LookInFull>(begun.look);
  const [kept, setKept] = useState({ look: begun.look, revision: begun.revision });
  const [sites, setSites] = useState(begun.look.sites.join('\n'));
  const changed = JSON.stringify(look) !== JSON.stringify(kept.look);

  const keep = async () => {
    if (!changed && kept.revision > 0) return kept.revision;
    const saved = await saveLook(look, kept.revision);
    setKept({ look: saved.look, revision: saved.revision });
    // As the server wrote it down, unless it was changed while that was on its way.
    setLook((now) => (now === look ? saved.look : now));
    setSites((now) => (now === sites ? saved.look.sites.join('\n') : now));
    return saved.revision;
  };
  const save = useMutation({ mutationFn: keep, onSuccess: () => void message.success(t('saved')) });
  const publish = useMutation({
    mutationFn: async () => publishLook(await keep()),
    onSuccess: (published) => {
      setKept({ look: published.look, revision: 0 });
      void message.success(t('published'));
      void queries.invalidateQueries({ queryKey: looksQuery.queryKey });
    },
  });
  const picture = useMutation({ mutationFn: addPicture, onSuccess: ({ id }) => setLook((now) => ({ ...now, picture: id })) });
  const error = publish.error ?? save.error ?? picture.error;
  const field = error instanceof Problem ? error.field : null;
  const tag = scriptTag(window.location.origin, tenant.code);
  const copy = async () => {
    if (await copyText(tag)) void message.success(t('tag.copied'));
    else void message.error(t('tag.not_copied'));
  };

  return (
    <div className={styles.page}>
      <header className="cl-row" style={{ gap: 12, flexWrap: 'wrap' }}>
        <h2 className="cl-panel-title">{t('title')}</h2>
        <Label tone={changed || kept.revision > 0 ? 'warn' : 'ok'}>{t(changed ? 'state.changed' : kept.revision > 0 ? 'state.draft' : 'state.published')}</Label>
        <span className="cl-grow" />
        <Button disabled={!changed || publish.isPending} loading={save.isPending} onClick={() => save.mutate()}>
          {t('save')}
        </Button>
        <Button type="primary" disabled={(!changed && kept.revision === 0) || save.isPending} loading={publish.isPending} onClick={() => publish.mutate()}>
          {t('publish')}
        </Button>
      </header>
      {error !== null && field === null && (
        <Alert
          type="error"
          showIcon
          title={sentence(error)}
          action={
            <Button size="small" onClick={reload}>
              {t('reload')}
            </Button>
          }
        />
      )}
      <div className={styles.columns}>
        <div>
          <LookForm
            look={look}
            onLook={setLook}
            wrong={field === null ? null : { field, sentence: sentence(error) }}
            onPicture={(file) => picture.mutate(file)}
            sites={sites}
            onSites={setSites}
          />
          <section aria-label={t('tag.title')}>
            <h3 className="cl-strong">{t('tag.title')}</h3>
            <pre className={styles.tag} tabIndex={0}>
              <code>{tag}</code>
            </pre>
            <Button size="small" onClick={() => void copy()}>
              {t('tag.copy')}
            </Button>
          </section>
          <PastLooks looks={looks} onBack={reload} />
        </div>
        <LookPreview look={look} />
      </div>
    </div>
  );
}
