import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Input, Modal } from 'antd';
import { Download, History } from 'lucide-react';
import { useState } from 'react';
import { Label } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Publication, Version } from '@/shared/api/generated/types.gen';
import { flowsFlowFile } from '@/shared/api/generated/sdk.gen';
import { save } from '@/shared/files/save';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { rollBack, versionsQuery } from '../api/flows';
import { messages } from '../messages';
import { definitionOf, type Definition } from '../model/definition';
import styles from './Dialogs.module.css';
import { FilePicker } from './FilePicker';
import { Difference } from './PublishDialog';

interface Props {
  code: string;
  name: string;
  definition: Definition;
  /** Whether the person may put another version in force. */
  may: boolean;
  onRolledBack: (version: number) => void;
  /** What a file says is to be gone on from. */
  onFile: (definition: Definition) => void;
  onClose: () => void;
}

/** All versions with who made and published them when; each can be taken out, and an older one put in force again. */
export function VersionsDrawer({ code, name, definition, may, onRolledBack, onFile, onClose }: Props) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  const [back, setBack] = useState<number | null>(null);
  const versions = useQuery(versionsQuery(code));
  const when = (moment: string) => formatMoment(moment, t.language, zone, serverNow());
  const inForce = versions.data?.items.find((one) => one.in_force);
  const taking = useMutation({
    mutationFn: async (version: number) => save(new File([JSON.stringify(await flowsFlowFile({ path: { code, version } }), null, 2)], `${code}-v${version}.json`, { type: 'application/json' })),
    onError: (error) => void message.error(sentence(error)),
  });
  const told = ({ version }: Version) => versions.data?.publications.filter((one: Publication) => one.version === version) ?? [];
  return (
    <Drawer open onClose={onClose} title={t('versions')} size={440}>
      {versions.isError && <ErrorPanel what={t('versions')} error={versions.error} retry={() => void versions.refetch()} />}
      {versions.isPending && <Loading what={t('versions')} rows={5} />}
      {may && (
        <div className={styles.buttons} style={{ margin: '0 0 16px' }}>
          <FilePicker label={t('file.into')} onFile={(file) => onFile(definitionOf(file.definition))} />
        </div>
      )}
      <ol className={styles.versions}>
        {versions.data?.items.map((one) => (
          <li key={one.version} className={styles.version}>
            <div className={styles.line}>
              <b>{t('version.n', { n: one.version })}</b>
              {one.in_force && <Label tone="ok">{t('version.in_force')}</Label>}
              {one.published_at === null && <Label tone="accent">{t('version.draft')}</Label>}
            </div>
            <p className="cl-note cl-muted">{t('version.changed', { who: one.changed_by ?? t('system'), time: when(one.changed_at) })}</p>
            {told(one).map((publication) => (
              <p key={publication.at} className="cl-note cl-secondary">
                {t('version.published', { who: publication.by ?? t('system'), time: when(publication.at) })} {publication.note}
              </p>
            ))}
            <div className={styles.buttons}>
              <Button size="small" icon={<Download size={14} aria-hidden />} loading={taking.isPending && taking.variables === one.version} onClick={() => taking.mutate(one.version)}>
                {t('version.take_out')}
              </Button>
              {may && one.published_at !== null && !one.in_force && (
                <Button size="small" icon={<History size={14} aria-hidden />} onClick={() => setBack(one.version)}>
                  {t('version.roll_back')}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
      {back !== null && (
        <RollBack
          code={code}
          name={name}
          definition={definition}
          version={back}
          inForce={inForce?.version ?? null}
          onClose={() => setBack(null)}
          onDone={(version) => {
            setBack(null);
            onRolledBack(version);
          }}
        />
      )}
    </Drawer>
  );
}

interface Back {
  code: string;
  name: string;
  definition: Definition;
  version: number;
  inForce: number | null;
  onDone: (version: number) => void;
  onClose: () => void;
}

function RollBack({ code, name, definition, version, inForce, onDone, onClose }: Back) {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const [note, setNote] = useState('');
  const going = useMutation({ mutationFn: () => rollBack(code, version, note), onSuccess: () => onDone(version) });
  return (
    <Modal open title={t('roll_back.title', { name, n: version })} okText={t('version.roll_back')} cancelText={t('form.cancel')} confirmLoading={going.isPending} onOk={() => going.mutate()} onCancel={onClose}>
      <p className="cl-secondary">{t('roll_back.what')}</p>
      {inForce !== null && <Difference code={code} definition={definition} old={inForce} now={version} revision={0} />}
      <label className={styles.note}>
        <span>{t('roll_back.note')}</span>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} value={note} onChange={({ target }) => setNote(target.value)} />
      </label>
      {going.isError && <Alert type="error" showIcon title={sentence(going.error)} />}
    </Modal>
  );
}
