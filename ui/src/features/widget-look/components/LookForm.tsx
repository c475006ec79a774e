import { Button, ColorPicker, Form, Input, Radio, Upload } from 'antd';
import { Severity } from '@/design/Severity';
import type { LookInFull } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { LEAST, onWhite, sitesOf } from '../model/contrast';

const messages = catalogue(zh, en);
const GREETING_MAX = 200;

interface Props {
  look: LookInFull;
  onLook: (look: LookInFull) => void;
  /** The field that the server refused, with the sentence why. */
  wrong: { field: string; sentence: string } | null;
  onPicture: (file: File) => void;
  /** Sites as they are typed; they become a list when they are saved. */
  sites: string;
  onSites: (text: string) => void;
}

/** What can be set; each change is seen at once in the preview. */
export function LookForm({ look, onLook, wrong, onPicture, sites, onSites }: Props) {
  const t = useMessages(messages);
  const set = (part: Partial<LookInFull>) => onLook({ ...look, ...part });
  const measured = onWhite(look.color);
  const enough = measured !== null && measured >= LEAST;
  const help = (field: string) => (wrong?.field === field || wrong?.field.startsWith(`${field}/`) ? { validateStatus: 'error' as const, help: wrong.sentence } : {});
  return (
    <Form layout="vertical" requiredMark={false} component="div">
      <Form.Item
        label={t('color')}
        {...help('color')}
        extra={
          measured !== null && (
            <Severity level={enough ? 'ok' : 'bad'}>{t(enough ? 'color.good' : 'color.low', { contrast: measured.toFixed(1), least: LEAST })}</Severity>
          )
        }
      >
        <ColorPicker value={look.color} disabledAlpha format="hex" showText onChange={(color) => set({ color: color.toHexString().slice(0, 7).toLowerCase() })} />
      </Form.Item>
      <Form.Item label={t('greeting_zh')} htmlFor="greeting_zh" {...help('greeting_zh')}>
        <Input.TextArea id="greeting_zh" lang="zh-CN" autoSize={{ minRows: 2 }} maxLength={GREETING_MAX} showCount value={look.greeting_zh} onChange={(event) => set({ greeting_zh: event.target.value })} />
      </Form.Item>
      <Form.Item label={t('greeting_en')} htmlFor="greeting_en" {...help('greeting_en')}>
        <Input.TextArea id="greeting_en" lang="en" autoSize={{ minRows: 2 }} maxLength={GREETING_MAX} showCount value={look.greeting_en} onChange={(event) => set({ greeting_en: event.target.value })} />
      </Form.Item>
      <Form.Item label={t('side')} {...help('side')}>
        <Radio.Group
          aria-label={t('side')}
          value={look.side}
          onChange={(event) => set({ side: event.target.value === 'left' ? 'left' : 'right' })}
          options={[
            { value: 'right', label: t('side.right') },
            { value: 'left', label: t('side.left') },
          ]}
        />
      </Form.Item>
      <Form.Item label={t('avatar')} htmlFor="avatar" extra={t('avatar.hint')} {...help('avatar')} {...help('picture')}>
        <div className="cl-row" style={{ gap: 8 }}>
          <Input id="avatar" value={look.avatar} maxLength={2} disabled={look.picture !== null} onChange={(event) => set({ avatar: event.target.value })} style={{ inlineSize: 72 }} />
          <Upload
            accept="image/png,image/jpeg"
            showUploadList={false}
            beforeUpload={(file) => {
              onPicture(file);
              return false;
            }}
          >
            <Button>{t('avatar.picture')}</Button>
          </Upload>
          {look.picture !== null && <Button onClick={() => set({ picture: null })}>{t('avatar.no_picture')}</Button>}
        </div>
      </Form.Item>
      <Form.Item label={t('sites')} htmlFor="sites" extra={t('sites.hint')} {...help('sites')}>
        <Input.TextArea
          id="sites"
          value={sites}
          autoSize={{ minRows: 2, maxRows: 8 }}
          placeholder="https://www.example.com"
          spellCheck={false}
          onChange={(event) => {
            onSites(event.target.value);
            set({ sites: sitesOf(event.target.value) });
          }}
        />
      </Form.Item>
    </Form>
  );
}
