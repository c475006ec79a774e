import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { EmptyPanel } from '@/design/panels';
import { FlowEditor } from '@/features/flows/components/FlowEditor';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { messages } from '../messages';
import { PageTop } from '../shell/PageTop';

/** One flow has the whole page: a graph needs the room that the studio's menu would take. */
export function OneFlow() {
  const t = useMessages(messages);
  const may = useMay();
  const navigate = useNavigate({ from: '/studio/flows/$code' });
  const { code } = useParams({ from: '/signed-in/studio/flows/$code' });
  const shown = useSearch({ from: '/signed-in/studio/flows/$code' });
  return (
    <>
      <PageTop title={t('studio.flows')} silent>
        <Link to="/studio/flows" className="cl-nowrap">
          {t('studio.flows')}
        </Link>
      </PageTop>
      {may('flow:read') ? (
        <FlowEditor code={code} shown={shown} onShow={(search) => void navigate({ search, replace: true })} />
      ) : (
        <EmptyPanel action={<Link to="/">{t('page.home')}</Link>}>{t('studio.withheld', { page: t('studio.flows') })}</EmptyPanel>
      )}
    </>
  );
}
