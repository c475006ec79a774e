import { Radio, Select } from 'antd';
import type { ReactNode } from 'react';
import { Label } from '@/design/atoms';
import { MaskedNumber } from '@/design/MaskedNumber';
import type { ConsentPurpose, Level, MergePreviewShown, MergeSideShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { reveal } from '../api/customers';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { languageName } from '../model/language';
import { together, type Choice } from '../model/merging';
import styles from './Merge.module.css';

const messages = catalogue(zh, en);
const SOURCES = ['survivor', 'absorbed'] as const;
const COUNTED = ['accounts', 'notes', 'interactions', 'cases'] as const;

interface Props {
  preview: MergePreviewShown;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}

/** A row for each thing: what is kept, what is absorbed, what comes of it. */
export function MergeTable({ preview, choice, onChoose }: Props) {
  const t = useMessages(messages);
  const { survivor, absorbed } = preview;
  const levels = [...new Set<Level>([preview.level, survivor.customer.level, absorbed.customer.level])];
  const languages = [...new Set([survivor.customer.language, absorbed.customer.language])];
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('merge.what')}</th>
          <th scope="col">{t('merge.survivor')}</th>
          <th scope="col">{t('merge.absorbed')}</th>
          <th scope="col">{t('merge.result')}</th>
        </tr>
      </thead>
      <tbody>
        <Row label={t('field.name')} sides={preview} show={({ customer }) => <Name side={{ customer }} />}>
          <Radio.Group
            aria-label={t('field.name')}
            value={choice.name_of}
            onChange={(event) => onChoose({ ...choice, name_of: event.target.value as Choice['name_of'] })}
            options={SOURCES.map((value) => ({ value, label: t(`merge.of_${value}`, { name: preview[value].customer.name_masked }) }))}
          />
        </Row>
        <Row label={t('edit.level')} sides={preview} show={({ customer }) => t(`level.${customer.level}`)}>
          <Select
            aria-label={t('edit.level')}
            size="small"
            value={choice.level}
            onChange={(level) => onChoose({ ...choice, level })}
            options={levels.map((value) => ({ value, label: t(`level.${value}`) }))}
          />
        </Row>
        <Row label={t('edit.language')} sides={preview} show={({ customer }) => languageName(customer.language, t.language)}>
          <Select
            aria-label={t('edit.language')}
            size="small"
            value={choice.language}
            onChange={(language) => onChoose({ ...choice, language })}
            options={languages.map((value) => ({ value, label: languageName(value, t.language) }))}
          />
        </Row>
        <Row label={t('field.since')} sides={preview} show={({ customer }) => customer.since}>
          {preview.since}
        </Row>
        <Row label={t('field.numbers')} sides={preview} show={(side) => <Lines sides={[side]} />}>
          <Lines sides={[survivor, absorbed]} />
        </Row>
        <Row label={t('points.title')} sides={preview} show={(side) => <Points side={side} />}>
          {t('merge.all_once')}
        </Row>
        <Row label={t('field.tags')} sides={preview} show={({ customer }) => <Words words={customer.tags} />}>
          <Words words={preview.tags} />
        </Row>
        <Row label={t('consents.title')} sides={preview} show={({ consents }) => <Said consents={consents} />}>
          <Said consents={preview.consents} />
          {preview.withdrawn.length > 0 && <p className="cl-note">{t('merge.stricter')}</p>}
        </Row>
        {COUNTED.map((kind) => (
          <Row key={kind} label={t(`count.${kind}`)} sides={preview} show={({ counts }) => counts[kind] ?? 0}>
            {together(preview, kind)}
          </Row>
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  label: string;
  sides: MergePreviewShown;
  show: (side: MergeSideShown) => ReactNode;
  children: ReactNode;
}

function Row({ label, sides, show, children }: RowProps) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{show(sides.survivor)}</td>
      <td>{show(sides.absorbed)}</td>
      <td>{children}</td>
    </tr>
  );
}

function Name({ side }: { side: Pick<MergeSideShown, 'customer'> }) {
  const may = useMay();
  const { id, name_masked, kind } = side.customer;
  const hidden = kind === 'person' && may('customer:reveal');
  return <MaskedNumber masked={name_masked} reveal={hidden ? () => reveal(id, { what: 'name' }) : undefined} />;
}

function Lines({ sides }: { sides: readonly MergeSideShown[] }) {
  const t = useMessages(messages);
  const lines = sides.flatMap(({ customer }) => customer.subscriptions);
  if (lines.length === 0) return t('subscriptions.none');
  return (
    <ul>
      {lines.map((line) => (
        <li key={line.id}>{line.msisdn_masked}</li>
      ))}
    </ul>
  );
}

function Points({ side }: { side: MergeSideShown }) {
  return (
    <ul>
      {side.contact_points.map((point) => (
        <li key={point.id}>{point.value_masked}</li>
      ))}
    </ul>
  );
}

function Words({ words }: { words: readonly string[] }) {
  return (
    <span className={styles.buttons}>
      {words.map((word) => (
        <Label key={word}>{word}</Label>
      ))}
    </span>
  );
}

function Said({ consents }: { consents: MergeSideShown['consents'] }) {
  const t = useMessages(messages);
  return (
    <ul>
      {(Object.entries(consents) as [ConsentPurpose, boolean][]).map(([purpose, given]) => (
        <li key={purpose}>{t(`merge.${given ? 'agreed' : 'refused'}`, { purpose: t(`purpose.${purpose}`) })}</li>
      ))}
    </ul>
  );
}
