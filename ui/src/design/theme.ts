import { theme, type MappingAlgorithm, type ThemeConfig } from 'antd';
import { accentTokens } from './accent';

export type Mode = 'light' | 'dark';

const shared = {
  fontFamily: 'var(--cl-font-family)',
  fontSize: 14,
  fontWeightStrong: 600,
  borderRadius: 6,
  controlHeight: 32,
  controlHeightSM: 28,
  lineWidthFocus: 2,
  fontSizeHeading1: 32,
  fontSizeHeading2: 28,
  fontSizeHeading3: 24,
  fontSizeHeading4: 20,
  fontSizeHeading5: 16,
};

export const lightToken = {
  colorPrimary: '#2459d6',
  colorPrimaryHover: '#1c4bbb',
  colorPrimaryActive: '#163c99',
  colorPrimaryText: '#2459d6',
  colorPrimaryBg: '#edf2fe',
  colorPrimaryBorder: '#b6c9f7',
  colorLink: '#2459d6',
  colorInfo: '#2459d6',
  colorSuccess: '#0e7d55',
  colorSuccessText: '#0e7d55',
  colorSuccessBg: '#e4f5ee',
  colorSuccessBorder: '#a5d9c5',
  colorWarning: '#935700',
  colorWarningText: '#935700',
  colorWarningBg: '#fff4dc',
  colorWarningBorder: '#f0cd85',
  colorError: '#be1c3a',
  colorErrorText: '#b0142f',
  colorErrorBg: '#fdebee',
  colorErrorBorder: '#f0b3bf',
  colorText: '#1b2230',
  colorTextSecondary: '#475063',
  colorTextLabel: '#475063',
  colorTextTertiary: '#636c7e',
  colorTextDescription: '#636c7e',
  colorTextPlaceholder: '#636c7e',
  colorTextDisabled: '#a3abb8',
  colorIcon: '#636c7e',
  colorBgLayout: '#f3f5f8',
  colorBgContainer: '#ffffff',
  colorBgElevated: '#ffffff',
  colorBorder: '#d8dde5',
  colorBorderSecondary: '#e8ebf0',
  colorSplit: '#e8ebf0',
};

export const darkToken: typeof lightToken = {
  colorPrimary: '#3a6be4',
  colorPrimaryHover: '#3462d4',
  colorPrimaryActive: '#2b55bd',
  colorPrimaryText: '#8fb0ff',
  colorPrimaryBg: '#18264a',
  colorPrimaryBorder: '#2f4a8f',
  colorLink: '#8fb0ff',
  colorInfo: '#8fb0ff',
  colorSuccess: '#45ddb4',
  colorSuccessText: '#45ddb4',
  colorSuccessBg: '#0f2b23',
  colorSuccessBorder: '#1f5a47',
  colorWarning: '#f2b54a',
  colorWarningText: '#f2b54a',
  colorWarningBg: '#33260c',
  colorWarningBorder: '#6a4e17',
  colorError: '#cc3350',
  colorErrorText: '#ff7078',
  colorErrorBg: '#3b151c',
  colorErrorBorder: '#7c2c3a',
  colorText: '#e9ecf2',
  colorTextSecondary: '#b6becb',
  colorTextLabel: '#b6becb',
  colorTextTertiary: '#929bab',
  colorTextDescription: '#929bab',
  colorTextPlaceholder: '#929bab',
  colorTextDisabled: '#5c6472',
  colorIcon: '#929bab',
  colorBgLayout: '#0e1116',
  colorBgContainer: '#161a21',
  colorBgElevated: '#1f252e',
  colorBorder: '#343b47',
  colorBorderSecondary: '#262c36',
  colorSplit: '#262c36',
};

const own = {
  light: { control: '#838c9c', sunken: '#f8f9fb', header: '#ffffff' },
  dark: { control: '#6b7585', sunken: '#12161c', header: '#161a21' },
};

export const FRAMED = ['Input', 'Select', 'InputNumber', 'TreeSelect', 'Mentions', 'DatePicker', 'Checkbox', 'Radio'] as const;

/** Ant Design's theme for a mode, with the tenant's colour when it has set one; `still` is without any movement. */
export function antTheme(mode: Mode, accent: string | null, still = false): ThemeConfig {
  const token = { ...shared, ...(mode === 'light' ? lightToken : darkToken), ...accentTokens(accent, mode) };
  const { control, sunken, header } = own[mode];
  // The dark algorithm would darken what is dark enough already: our measured values have the last word.
  const measured: MappingAlgorithm = (_seed, map) => ({ ...(map ?? theme.defaultAlgorithm({ ...theme.defaultSeed, ...token })), ...token });
  return {
    algorithm: [mode === 'light' ? theme.defaultAlgorithm : theme.darkAlgorithm, measured],
    cssVar: { prefix: 'ant' },
    token: { ...token, motion: !still },
    components: {
      Layout: { headerHeight: 56, headerBg: header, headerPadding: '0 16px', siderBg: sunken },
      Table: {
        headerBg: 'transparent',
        headerColor: token.colorTextTertiary,
        headerSplitColor: 'transparent',
        cellPaddingBlockSM: 8,
        cellPaddingInlineSM: 8,
      },
      Segmented: { trackPadding: 2, itemColor: token.colorTextSecondary },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 400, borderRadiusSM: 6 },
      // What a box or a ring is seen by is seen against its ground (WCAG 1.4.11).
      ...Object.fromEntries(FRAMED.map((component) => [component, { colorBorder: control }])),
    },
  };
}
