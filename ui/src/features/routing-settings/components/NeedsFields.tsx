import { Button, Form, Rate, Select } from 'antd';
import { Plus, X } from 'lucide-react';
import type { SkillShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import styles from './Settings.module.css';

/** The skills that a queue asks for, each with the least level. */
export function NeedsFields({ skills }: { skills: readonly SkillShown[] }) {
  const t = useMessages(messages);
  return (
    <Form.List name="needs">
      {(fields, { add, remove }, { errors }) => (
        <div className={styles.lines}>
          {fields.map(({ key, name }) => (
            <div key={key} className={styles.line}>
              <Form.Item noStyle name={[name, 'skill']} rules={[{ required: true, message: t('field.needed') }]}>
                <Select
                  aria-label={t('field.skill')}
                  placeholder={t('field.skill')}
                  style={{ inlineSize: 200 }}
                  showSearch={{ optionFilterProp: 'label' }}
                  options={skills.map(({ code, name: label }) => ({ value: code, label }))}
                />
              </Form.Item>
              <span className="cl-secondary">{t('field.level')}</span>
              <Form.Item noStyle name={[name, 'level']}>
                <Rate allowClear={false} aria-label={t('field.level')} />
              </Form.Item>
              <Button type="text" size="small" aria-label={t('needs.remove')} icon={<X size={14} aria-hidden />} onClick={() => remove(name)} />
            </div>
          ))}
          <Form.ErrorList errors={errors} />
          <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => add({ skill: undefined, level: 1 })}>
            {t('needs.add')}
          </Button>
        </div>
      )}
    </Form.List>
  );
}
