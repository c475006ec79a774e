import { Button, Form, Input, InputNumber, Popover, Segmented, Select } from 'antd';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import type { Setup } from '../model/scene';

const BRANDS = ['global_link', 'easy_own', 'm_zone', 'enterprise'] as const;
const LEVELS = ['diamond', 'gold', 'silver', 'standard'] as const;
const CHANNELS = ['voice', 'webchat'] as const;
const STANDINGS = ['open', 'closed', 'holiday'] as const;

/** Who calls, and how the house stands: what is made up for a trial. */
export function SceneSetup({ setup, onBegin }: { setup: Setup; onBegin: (setup: Setup) => void }) {
  const t = useMessages(messages);
  const [open, setOpen] = useState(false);
  const brand = BRANDS.find((one) => one === setup.facts['customer.brand']);
  const told = [t(`channel.${setup.channel}`), t(`hours.${setup.hours}`), ...(brand === undefined ? [] : [t(`brand.${brand}`)]), setup.facts['time.clock'] ?? ''];
  return (
    <Popover
      trigger="click"
      placement="topRight"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={<Fields setup={setup} onBegin={(next) => { setOpen(false); onBegin(next); }} />}
    >
      <Button type="text" size="small" icon={<SlidersHorizontal size={14} aria-hidden />} aria-expanded={open}>
        {told.filter((one) => one !== '').join(' · ')}
      </Button>
    </Popover>
  );
}

interface Fields {
  channel: Setup['channel'];
  language: string;
  hours: Setup['hours'];
  waiting: number;
  ready: number;
  brand?: string;
  level?: string;
  known: boolean;
  clock?: string;
}

function Fields({ setup, onBegin }: { setup: Setup; onBegin: (setup: Setup) => void }) {
  const t = useMessages(messages);
  const { facts } = setup;
  const first: Fields = {
    channel: setup.channel,
    language: setup.language,
    hours: setup.hours,
    waiting: setup.waiting,
    ready: setup.ready,
    brand: facts['customer.brand'],
    level: facts['customer.level'],
    known: facts['customer.known'] === 'yes',
    clock: facts['time.clock'],
  };
  const begin = ({ channel, language, hours, waiting, ready, brand, level, known, clock }: Fields) =>
    onBegin({ channel, language, hours, waiting, ready, facts: { 'customer.brand': brand ?? '', 'customer.level': level ?? '', 'customer.known': known ? 'yes' : 'no', 'time.clock': clock ?? '' } });
  return (
    <Form<Fields> layout="vertical" size="small" initialValues={first} onFinish={begin} style={{ width: 320 }}>
      <Form.Item name="channel" label={t('scene.channel')}>
        <Segmented options={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))} />
      </Form.Item>
      <Form.Item name="language" label={t('scene.language')}>
        <Select options={[{ value: 'zh-CN', label: t('language.zh-CN') }, { value: 'en', label: t('language.en') }]} />
      </Form.Item>
      <Form.Item name="known" label={t('fact.customer.known')}>
        <Select options={[{ value: true, label: t('known.yes') }, { value: false, label: t('known.no') }]} />
      </Form.Item>
      <Form.Item name="brand" label={t('fact.customer.brand')}>
        <Select allowClear options={BRANDS.map((value) => ({ value, label: t(`brand.${value}`) }))} />
      </Form.Item>
      <Form.Item name="level" label={t('fact.customer.level')}>
        <Select allowClear options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))} />
      </Form.Item>
      <Form.Item name="hours" label={t('scene.hours')}>
        <Segmented options={STANDINGS.map((value) => ({ value, label: t(`hours.${value}`) }))} />
      </Form.Item>
      <Form.Item name="clock" label={t('fact.time.clock')}>
        <Input type="time" />
      </Form.Item>
      <div className="cl-row" style={{ gap: 12 }}>
        <Form.Item name="waiting" label={t('fact.queue.waiting')}>
          <InputNumber min={0} max={9999} />
        </Form.Item>
        <Form.Item name="ready" label={t('fact.queue.ready')}>
          <InputNumber min={0} max={9999} />
        </Form.Item>
      </div>
      <Button type="primary" htmlType="submit" block>
        {t('scene.begin')}
      </Button>
    </Form>
  );
}
