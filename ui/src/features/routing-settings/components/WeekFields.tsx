import { Button, type FormInstance } from 'antd';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import type { CalendarFields } from '../model/times';
import { WEEKDAYS } from '../model/weekdays';
import styles from './Settings.module.css';
import { SpanFields } from './SpanFields';

/** The times of each weekday. */
export function WeekFields({ form }: { form: FormInstance<CalendarFields> }) {
  const t = useMessages(messages);
  const likeMonday = () => {
    const [monday = [], ...rest] = form.getFieldValue('weekly') as CalendarFields['weekly'];
    const copies = rest.map((day, index) => (index < 4 ? monday.map((span) => ({ ...span })) : day));
    form.setFieldsValue({ weekly: [monday, ...copies] });
  };
  return (
    <div className={styles.lines}>
      {WEEKDAYS.map((code, index) => (
        <div key={code} className={styles.line}>
          <span className={styles.day}>{t(`weekday.${code}`)}</span>
          <SpanFields name={['weekly', index]} day={t(`weekday.${code}`)} />
        </div>
      ))}
      <Button size="small" onClick={likeMonday}>
        {t('hours.like_monday')}
      </Button>
    </div>
  );
}
