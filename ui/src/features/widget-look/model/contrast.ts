import { contrast } from '@/design/accent';

export const LEAST = 4.5;

/** How well white can be read on a colour; null when it is none. */
export const onWhite = (color: string): number | null => (/^#[0-9a-f]{6}$/i.test(color) ? contrast(color, '#ffffff') : null);

/** The line that brings the widget into a page. */
export const scriptTag = (origin: string, tenant: string): string => `<script src="${origin}/widget.js" data-tenant="${tenant}" async></script>`;

/** One site a line. */
export const sitesOf = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
