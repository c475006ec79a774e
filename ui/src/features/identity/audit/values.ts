import { knows, type Catalogue, type Params } from '@/shared/i18n/catalogue';
import { useLocale } from '@/shared/i18n/useMessages';
import { usePermissionName } from '@/shared/permissions/permissionName';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { useRoleName, useStaffMessages } from '../staff/words';
import { wholeMoment } from './days';

/** Where the words of a value stand in the catalogue, when that is not `value.<name of the detail>`. */
const KEPT_AS: Readonly<Record<string, readonly string[]>> = {
  before: ['value.state'],
  after: ['value.state'],
  kind: ['value.kind', 'kind'],
  action: ['action'],
  outcome: ['outcome'],
  message_interrupted_by: ['value.media'],
};

const MOMENTS: readonly string[] = ['since', 'until', 'expires_at'];
/** A value that is a list of codes; a role or a permission may say its scope behind it. */
const LISTS: readonly string[] = ['fields', 'roles', 'permissions', 'message_interrupted_by'];

interface Text<Key extends string> {
  readonly messages: Catalogue<Key | 'scoped' | 'list_and'>;
  readonly t: (key: Key | 'scoped' | 'list_and', params?: Params) => string;
}

/** What a value of a detail is called: of codes their words, of moments the centre's time; undefined of anything else. */
export function useValueWords<Key extends string>({ messages, t }: Text<Key>): (name: string, raw: string | number | boolean) => string | undefined {
  const language = useLocale();
  const zone = useTimeZone();
  const staff = useStaffMessages();
  const roleName = useRoleName();
  const permissionName = usePermissionName();
  const one = (name: string, code: string): string | undefined => {
    if (name === 'permission' || name === 'permissions') return permissionName(code);
    if (name === 'roles') return roleName(undefined, code);
    const key = (KEPT_AS[name] ?? [`value.${name}`]).map((where) => `${where}.${code}`).find((found) => knows(messages, found));
    return key !== undefined && knows(messages, key) ? t(key) : undefined;
  };
  const scoped = (name: string, text: string): string => {
    const [code = '', scope] = text.split(/[@=]/);
    const said = one(name, code) ?? code;
    if (scope !== 'own' && scope !== 'department' && scope !== 'tenant') return said;
    return t('scoped', { what: said, scope: staff(`scope.${scope}`) });
  };
  return (name, raw) => {
    if (typeof raw === 'boolean') return one('yes_no', String(raw));
    if (typeof raw === 'number') return undefined;
    if (MOMENTS.includes(name)) return Number.isNaN(Date.parse(raw)) ? undefined : wholeMoment(raw, language, zone);
    if (!LISTS.includes(name)) return one(name, raw);
    return raw
      .split(/,\s*/)
      .map((part) => scoped(name, part))
      .join(t('list_and'));
  };
}
