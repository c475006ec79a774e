export type Permission = 'granted' | 'denied' | 'default' | 'unsupported';

export const notificationPermission = (): Permission => ('Notification' in window ? Notification.permission : 'unsupported');

/** Asked by a click only: a page that asks by itself is refused, and refused for ever. */
export async function askToNotify(): Promise<Permission> {
  return 'Notification' in window ? await Notification.requestPermission() : 'unsupported';
}

interface Words {
  title: string;
  body: string;
  /** One thing has one notification; the next of the same name takes its place. */
  tag: string;
  /** The page is in front by then. */
  onClick: () => void;
}

/** Shows it where it is permitted; returns how to take it away. */
export function notify({ title, body, tag, onClick }: Words): () => void {
  if (notificationPermission() !== 'granted') return () => undefined;
  try {
    // The bell sounds, if it shall; the system's sound on top would be one too many.
    const shown = new Notification(title, { body, tag: `careline.${tag}`, silent: true });
    shown.onclick = () => {
      window.focus();
      shown.close();
      onClick();
    };
    return () => shown.close();
  } catch {
    // Some phones have the word and not the thing.
    return () => undefined;
  }
}
