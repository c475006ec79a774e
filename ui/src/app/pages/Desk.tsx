import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ShiftFigures } from '@/features/analytics/components/ShiftFigures';
import { agentStateQuery } from '@/features/routing/api/agentState';
import { MediaInHand } from '@/features/routing/components/MediaInHand';
import { StateButton, StateChoice } from '@/features/routing/components/StateSwitch';
import { useMessages } from '@/shared/i18n/useMessages';
import { DeskColumns } from '../desk/DeskColumns';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';
import styles from './Desk.module.css';

export function Desk() {
  const t = useMessages(messages);
  const { item } = useSearch({ from: '/signed-in/desk' });
  const navigate = useNavigate({ from: '/desk' });
  const state = useQuery(agentStateQuery);
  return (
    <>
      <PageTop title={t('nav.desk')} silent>
        {state.data !== undefined && (
          <>
            <StateButton state={state.data} />
            <span className={styles.choice}>
              <StateChoice state={state.data} />
            </span>
            <span className={styles.load}>
              <MediaInHand state={state.data} />
            </span>
            <span className={styles.shift}>
              <ShiftFigures />
            </span>
          </>
        )}
      </PageTop>
      <DeskColumns chosen={item ?? null} onChoose={(id) => void navigate({ search: { item: id ?? undefined } })} />
    </>
  );
}
