import { ArrowLeft, Maximize, Moon, Sun } from 'lucide-react';
import type { QueueShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import type { WallChoice } from '../model/wall';
import styles from './Wall.module.css';

const messages = catalogue(zh, en);

interface Props {
  queues: readonly QueueShown[];
  choice: WallChoice;
  onChoice: (choice: WallChoice) => void;
  onLeave: () => void;
}

/** For the one who hangs the screen up; gone when it is full. */
export function WallControls({ queues, choice, onChoice, onLeave }: Props) {
  const t = useMessages(messages);
  const toggle = (id: string) =>
    onChoice({ ...choice, queues: choice.queues.includes(id) ? choice.queues.filter((one) => one !== id) : [...choice.queues, id] });
  const other = choice.mode === 'dark' ? 'light' : 'dark';
  return (
    <div className={styles.controls}>
      <button type="button" onClick={onLeave} aria-label={t('wall.leave')} title={t('wall.leave')}>
        <ArrowLeft size={18} aria-hidden />
      </button>
      <details>
        <summary>{t('wall.queues')}</summary>
        <fieldset>
          <legend className="cl-hidden">{t('wall.queues')}</legend>
          {queues.map(({ id, name }) => (
            <label key={id}>
              <input type="checkbox" checked={choice.queues.includes(id)} onChange={() => toggle(id)} />
              {name}
            </label>
          ))}
        </fieldset>
      </details>
      <button type="button" onClick={() => onChoice({ ...choice, mode: other })} aria-label={t(`wall.${other}`)} title={t(`wall.${other}`)}>
        {other === 'light' ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
      </button>
      <button type="button" onClick={() => void document.documentElement.requestFullscreen().catch(() => undefined)} aria-label={t('wall.full')} title={t('wall.full')}>
        <Maximize size={18} aria-hidden />
      </button>
    </div>
  );
}
