export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" style={{ flex: 'none' }}>
      <rect width="32" height="32" rx="8" fill="var(--ant-color-primary)" />
      <path d="M21.5 11.2a7.2 7.2 0 1 0 0 9.6" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <circle cx="22.2" cy="16" r="2.1" fill="#fff" />
    </svg>
  );
}
