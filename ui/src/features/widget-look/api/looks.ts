import { queryOptions } from '@tanstack/react-query';
import { widgetAddPicture, widgetLooks, widgetPublish, widgetRollBack, widgetSave } from '@/shared/api/generated/sdk.gen';
import type { LookInFull, LooksShown } from '@/shared/api/generated/types.gen';

export const looksQuery = queryOptions({
  queryKey: ['widget', 'looks'],
  queryFn: ({ signal }) => widgetLooks({ signal }),
});

/** What Careline looks like where nobody has published anything. */
export const OUR_LOOK: LookInFull = {
  color: '#2459d6',
  greeting_zh: '\u60a8\u597d\uff0c\u8bf7\u95ee\u6709\u4ec0\u4e48\u53ef\u4ee5\u5e2e\u60a8\uff1f',
  greeting_en: 'Hello, how can we help you?',
  side: 'right',
  avatar: '',
  picture: null,
  sites: [],
};

/** What is edited: the draft, else a copy of what customers see. */
export const editedLook = ({ draft, published }: LooksShown): { look: LookInFull; revision: number } =>
  draft !== null ? { look: draft.look, revision: draft.revision } : { look: published?.look ?? OUR_LOOK, revision: 0 };

export const saveLook = (look: LookInFull, revision: number) => widgetSave({ body: { ...look, revision } });
export const publishLook = (revision: number) => widgetPublish({ body: { revision } });
export const rollBackTo = (number: number) => widgetRollBack({ path: { number } });
export const addPicture = (file: File) => widgetAddPicture({ body: file });
