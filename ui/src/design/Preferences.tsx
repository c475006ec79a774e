import { Segmented } from 'antd';
import { Monitor, Moon, Sun } from 'lucide-react';
import { catalogue } from '@/shared/i18n/catalogue';
import { locale, type Locale } from '@/shared/i18n/locale';
import { useMessages } from '@/shared/i18n/useMessages';
import { useStored } from '@/shared/storage/useStored';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import { modeChoice, type ModeChoice } from './mode';

const messages = catalogue(zh, en);

/** Each language in its own script, so that whoever is lost finds it. */
const LANGUAGES: readonly { value: Locale; label: string }[] = [
  { value: 'zh-CN', label: zh['language.name'] },
  { value: 'en', label: en['language.name'] },
];

/** Their track is the colour of the page on which they stand. */
const OUTLINED = { border: '1px solid var(--ant-color-border)' };

/** Language, and light or dark; both apply at once and are remembered in this browser. */
export function Preferences() {
  const t = useMessages(messages);
  const choice = useStored(modeChoice);
  const modes: { value: ModeChoice; title: string; icon: React.ReactNode }[] = [
    { value: 'light', title: t('mode.light'), icon: <Sun size={14} aria-hidden /> },
    { value: 'dark', title: t('mode.dark'), icon: <Moon size={14} aria-hidden /> },
    { value: 'system', title: t('mode.system'), icon: <Monitor size={14} aria-hidden /> },
  ];
  return (
    <div className="cl-row" style={{ gap: 12, flexWrap: 'wrap' }}>
      <Segmented<Locale> size="small" style={OUTLINED} aria-label={t('language.choose')} value={t.language} onChange={locale.set} options={[...LANGUAGES]} />
      <Segmented<ModeChoice>
        size="small"
        style={OUTLINED}
        aria-label={t('mode.choose')}
        value={choice}
        onChange={modeChoice.set}
        options={modes.map(({ value, title, icon }) => ({
          value,
          title,
          label: (
            <span className="cl-row" style={{ gap: 4 }}>
              {icon}
              {title}
            </span>
          ),
        }))}
      />
    </div>
  );
}
