import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import '@/shared/http/console/errors';
import { locale } from '@/shared/i18n/locale';

// A test waits for what is shown as long as a busy machine may take: what is there at once is seen at once.
configure({ asyncUtilTimeout: 30_000 });

// What Ant Design asks of a browser and jsdom does not have.
vi.stubGlobal('matchMedia', (media: string) => ({
  media,
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
}));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  },
);
// It lays nothing out, so there is nothing to scroll.
Element.prototype.scrollIntoView = () => undefined;
const computed = window.getComputedStyle.bind(window);
// jsdom complains about styles of pseudo-elements, which are only asked for to measure scroll bars.
window.getComputedStyle = (element) => computed(element);

beforeEach(() => {
  // A warning is an error here too: React and the libraries report misuse through the console.
  vi.spyOn(console, 'error').mockImplementation((...args: unknown[]) => {
    throw new Error(`console.error: ${args.map(String).join(' ')}`);
  });
  locale.set('en');
});

afterEach(() => {
  cleanup();
  localStorage.clear();
});
