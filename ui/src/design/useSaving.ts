import { useMutation } from '@tanstack/react-query';
import type { FormInstance } from 'antd';
import { Problem } from '@/shared/http/problem';
import { useErrorSentence } from './useErrorSentence';

/**
 * Saves what a form holds. What the server refuses is said beside its field where the form has one, and what was
 * typed stays. `stale` when somebody else was faster.
 */
export function useSaving<Fields extends object, Saved>(
  form: FormInstance<Fields>,
  save: (fields: Fields) => Promise<Saved>,
  onSaved: (saved: Saved) => void,
) {
  const sentence = useErrorSentence();
  const saving = useMutation({
    mutationFn: save,
    onSuccess: onSaved,
    onError: (error) => {
      const name = fieldOf(error);
      if (name.length === 0) return;
      // Fields are named by the path that the server names them by.
      form.setFields([{ name, errors: [sentence(error)] } as Parameters<typeof form.setFields>[0][number]]);
      form.scrollToField(name as Parameters<typeof form.scrollToField>[0], { block: 'center' });
    },
  });
  return { saving, stale: saving.error instanceof Problem && saving.error.code === 'settings-changed', why: saving.isError ? sentence(saving.error) : '' };
}

function fieldOf(error: unknown): (string | number)[] {
  return error instanceof Problem && error.field !== null && error.field !== 'version' ? error.field.split('/').map((step) => (/^\d+$/.test(step) ? Number(step) : step)) : [];
}
