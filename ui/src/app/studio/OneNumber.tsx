import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { NumberEditor } from '@/features/telephony-settings/components/NumberEditor';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

export function OneNumber() {
  const t = useMessages(messages);
  const navigate = useNavigate();
  const { numberId } = useParams({ from: '/signed-in/studio/numbers/$numberId' });
  return (
    <>
      <PageTop title={t('studio.numbers')} silent>
        <Link to="/studio/numbers" className="cl-nowrap">
          {t('studio.numbers')}
        </Link>
      </PageTop>
      <NumberEditor key={numberId} numberId={numberId} onLeave={() => void navigate({ to: '/studio/numbers' })} />
    </>
  );
}
