import { useQuery } from '@tanstack/react-query';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useEffect, type ReactNode } from 'react';
import { applyAccent } from '@/design/applyAccent';
import { useMode } from '@/design/mode';
import { useStill } from '@/design/still';
import { antTheme } from '@/design/theme';
import { sessionQuery } from '@/features/identity/api/session';
import { useLocale } from '@/shared/i18n/useMessages';

/** Theme, the tenant's colour and language for everything below; all change without a reload. */
export function Surface({ children }: { children: ReactNode }) {
  const mode = useMode();
  const still = useStill();
  const language = useLocale();
  const session = useQuery({ ...sessionQuery, enabled: false });
  const accent = session.data?.tenant.accent ?? null;

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => applyAccent(accent, mode), [accent, mode]);

  return (
    <ConfigProvider theme={antTheme(mode, accent, still)} locale={language === 'zh-CN' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <App component={false} message={{ maxCount: 3 }} notification={{ placement: 'topRight', top: 68 }}>
        {children}
      </App>
    </ConfigProvider>
  );
}
