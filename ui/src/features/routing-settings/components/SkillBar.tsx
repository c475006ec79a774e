import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal } from 'antd';
import { Pencil, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { SkillShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { makeSkill, removeSkill, renameSkill } from '../api/staff';
import { useSaving } from '@/design/useSaving';
import { messages } from '../messages';
import styles from './SkillMatrix.module.css';

/** The vocabulary: what agents of this centre can do. */
export function SkillBar({ skills }: { skills: readonly SkillShown[] }) {
  const t = useMessages(messages);
  const { modal, message } = App.useApp();
  const sentence = useErrorSentence();
  const cache = useQueryClient();
  const [open, setOpen] = useState<SkillShown | 'new' | null>(null);
  const remove = useMutation({
    mutationFn: (code: string) => removeSkill(code),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['routing-settings'] }),
    onError: (error) => void message.error(sentence(error)),
  });
  const ask = async ({ code, name, agents }: SkillShown) => {
    const sure = await modal.confirm({
      title: t('skills.remove_sure', { name }),
      content: t('skills.remove_what', { n: agents }),
      okText: t('skills.remove', { name }),
      cancelText: t('form.cancel'),
      okButtonProps: { danger: true },
    });
    if (sure) remove.mutate(code);
  };
  return (
    <div className={styles.chips}>
      {skills.map((skill) => (
        <span key={skill.code} className={styles.chip} title={skill.code}>
          {skill.name}
          <Button type="text" size="small" aria-label={t('skills.rename', { name: skill.name })} icon={<Pencil size={12} aria-hidden />} onClick={() => setOpen(skill)} />
          <Button type="text" size="small" aria-label={t('skills.remove', { name: skill.name })} icon={<X size={12} aria-hidden />} onClick={() => void ask(skill)} />
        </span>
      ))}
      <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => setOpen('new')}>
        {t('skills.new')}
      </Button>
      {open !== null && <SkillModal skill={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </div>
  );
}

interface Fields {
  code: string;
  name: string;
}

function SkillModal({ skill, onClose }: { skill: SkillShown | null; onClose: () => void }) {
  const t = useMessages(messages);
  const cache = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const { saving, why } = useSaving(
    form,
    ({ code, name }: Fields) => (skill === null ? makeSkill(code, name) : renameSkill(skill.code, name)),
    () => {
      void cache.invalidateQueries({ queryKey: ['routing-settings'] });
      onClose();
    },
  );
  return (
    <Modal title={skill === null ? t('skills.new') : t('skills.rename', { name: skill.name })} open onCancel={onClose} onOk={() => form.submit()} okText={t('form.save')} cancelText={t('form.cancel')} confirmLoading={saving.isPending}>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} initialValues={{ code: skill?.code ?? '', name: skill?.name ?? '' }} onFinish={(fields) => saving.mutate(fields)}>
        <Form.Item name="name" label={t('field.name')} rules={[{ required: true, whitespace: true, message: t('field.needed') }]}>
          <Input maxLength={60} />
        </Form.Item>
        {skill === null && (
          <Form.Item name="code" label={t('field.code')} extra={t('skills.code_hint')} rules={[{ required: true, message: t('field.needed') }]}>
            <Input maxLength={40} />
          </Form.Item>
        )}
        {why !== '' && <p className="cl-bad">{why}</p>}
      </Form>
    </Modal>
  );
}
