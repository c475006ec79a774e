import { useEffect, useState } from 'react';
import { fetchLook, type Look } from '@/shared/visitor/look';

/** How the tenant's page looks; null until it is known, and when it cannot be had. */
export function useLook(tenant: string): Look | null {
  const [look, setLook] = useState<Look | null>(null);
  useEffect(() => {
    let shown = true;
    fetchLook(tenant).then(
      (found) => shown && setLook(found),
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [tenant]);
  return look;
}
