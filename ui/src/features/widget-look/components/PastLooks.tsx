import { useMutation } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { LooksShown, LookVersionShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatDay, formatTimeOfDay } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { rollBackTo } from '../api/looks';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './WidgetLook.module.css';

const messages = catalogue(zh, en);

/** What customers saw before, to be published again. */
export function PastLooks({ looks, onBack }: { looks: LooksShown; onBack: () => void }) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const { modal, message } = App.useApp();
  const back = useMutation({
    mutationFn: rollBackTo,
    onSuccess: () => {
      void message.success(t('published'));
      onBack();
    },
  });
  if (looks.past.length === 0) return null;
  const ask = (number: number) =>
    void modal.confirm({
      title: t('past.sure', { number }),
      content: t('past.what'),
      okText: t('past.back'),
      cancelText: t('past.cancel'),
      onOk: () => back.mutate(number),
    });
  return (
    <section aria-label={t('past.title')} className={styles.past}>
      <h3 className="cl-strong">{t('past.title')}</h3>
      {back.isError && <Alert type="error" showIcon title={sentence(back.error)} />}
      <ol>
        {looks.past.map((version) => (
          <li key={version.number} className="cl-row">
            <i style={{ background: version.look.color }} aria-hidden="true" />
            <Version version={version} />
            <span className="cl-grow" />
            <Button size="small" onClick={() => ask(version.number)}>
              {t('past.back')}
            </Button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Version({ version }: { version: LookVersionShown }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const at = Date.parse(version.published_at ?? version.changed_at);
  return <span>{t('past.version', { number: version.number, day: formatDay(at, t.language, zone), time: formatTimeOfDay(at, t.language, zone) })}</span>;
}
