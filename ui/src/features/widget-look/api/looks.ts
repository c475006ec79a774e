import { queryOptions } from '@tanstack/react-query';
import { widgetAddPicture, widgetLooks, widgetPublish, widgetRollBack, widgetSave } from '@/shared/api/generated/sdk.gen';
import type { LookInFull, LooksShown } from '@/shared/api/generated/types.gen';

export const looksQuery = queryOptions({
  queryKey: ['widget', 'looks'],
  queryFn: ({ signal }) => widgetLooks({ signal }),
});

/** What is edited: the draft, else a copy of what customers see. */
export const editedLook = ({ ours, draft, published }: LooksShown): { look: LookInFull; revision: number } =>
  draft !== null ? { look: draft.look, revision: draft.revision } : { look: published?.look ?? ours, revision: 0 };

export const saveLook = (look: LookInFull, revision: number) => widgetSave({ body: { ...look, revision } });
export const publishLook = (revision: number) => widgetPublish({ body: { revision } });
export const rollBackTo = (number: number) => widgetRollBack({ path: { number } });
export const addPicture = (file: File) => widgetAddPicture({ body: file });
