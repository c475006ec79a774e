import { theme } from 'antd';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { accentTokens, contrast } from './accent';
import { antTheme, darkToken, FRAMED, lightToken } from './theme';

const css = readFileSync('src/design/tokens.css', 'utf8');
const [light = '', dark = ''] = css.split(':root[data-theme="dark"]');

function variable(block: string, name: string): string | undefined {
  return new RegExp(`${name}: ([^;]+);`).exec(block)?.[1];
}

describe.each([
  ['light', light, lightToken],
  ['dark', dark, darkToken],
] as const)('%s', (_mode, block, token) => {
  test('Ant Design and the style sheet say the same', () => {
    const both = Object.entries(token)
      .map(([name, value]) => [name, value, variable(block, `--ant-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`)] as const)
      .filter(([, , inCss]) => inCss !== undefined);
    expect(both.length).toBeGreaterThan(20);
    for (const [name, value, inCss] of both) expect([name, inCss]).toEqual([name, value]);
  });

  test('text can be read on its surface', () => {
    for (const name of ['colorText', 'colorTextSecondary', 'colorTextTertiary', 'colorLink', 'colorPrimaryText', 'colorWarningText', 'colorErrorText', 'colorSuccessText'] as const) {
      expect([name, contrast(token[name], token.colorBgContainer) >= 4.5]).toEqual([name, true]);
    }
    expect(contrast(token.colorPrimary, '#ffffff')).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['ready', 'reserved', 'engaged', 'acw', 'not-ready', 'offline'])('state %s can be read on its tint', (state) => {
    const [ink, tint] = [variable(block, `--cl-state-${state}`), variable(block, `--cl-state-${state}-bg`)];
    expect(contrast(ink ?? '', tint ?? '')).toBeGreaterThanOrEqual(4.5);
  });
});

test('dark mode keeps the measured values', () => {
  const { token, algorithm } = antTheme('dark', null);
  const map = theme.getDesignToken({ token, algorithm });
  expect([map.colorPrimary, map.colorLink, map.colorError]).toEqual([darkToken.colorPrimary, darkToken.colorLink, darkToken.colorError]);
});

test.each(['#ffcc00', '#00b578', '#ff5500', '#2459d7', '#000000', '#ffffff', '#e60012'])('a tenant’s %s is made readable', (accent) => {
  for (const mode of ['light', 'dark'] as const) {
    const tokens = accentTokens(accent, mode);
    expect(contrast(tokens.colorPrimary ?? '', '#ffffff')).toBeGreaterThanOrEqual(4.5);
    const surface = (mode === 'light' ? lightToken : darkToken).colorBgContainer;
    expect(contrast(tokens.colorPrimaryText ?? '', surface)).toBeGreaterThanOrEqual(4.5);
  }
});

test('no colour, our own, or none that can be understood, changes nothing', () => {
  for (const accent of [null, '#2459D6', '', 'red', '#12', 'url(x)']) expect(accentTokens(accent, 'light')).toEqual({});
});

test.each(['light', 'dark'] as const)('every control has a frame that is seen, %s', (mode) => {
  const { components = {}, token = {} } = antTheme(mode, null);
  for (const component of FRAMED) {
    const { colorBorder } = components[component] as { colorBorder: string };
    expect([component, contrast(colorBorder, token.colorBgContainer ?? '') >= 3]).toEqual([component, true]);
  }
});

test('who wants nothing to move has no dialog that waits for the end of a movement', () => {
  expect(antTheme('light', null, true).token?.motion).toBe(false);
  expect(antTheme('light', null).token?.motion).toBe(true);
});
