import { createContext, use, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

/** The part of the top bar that belongs to the page. */
export const TopSlot = createContext<HTMLElement | null>(null);

interface Props {
  title: string;
  /** The page's own content says where we are; the title is for the tab and for screen readers. */
  silent?: boolean;
  children?: ReactNode;
}

export function PageTop({ title, silent = false, children }: Props) {
  const slot = use(TopSlot);
  return (
    <>
      <title>{`${title} · Careline`}</title>
      {slot !== null &&
        createPortal(
          <>
            <h1 className={silent ? 'cl-hidden' : 'cl-panel-title cl-nowrap'}>{title}</h1>
            {children}
          </>,
          slot,
        )}
    </>
  );
}
