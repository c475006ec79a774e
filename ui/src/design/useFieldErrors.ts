import type { FormInstance } from 'antd';
import { useState } from 'react';
import { Problem } from '@/shared/http/problem';
import { useErrorSentence } from './useErrorSentence';

/**
 * Puts what the server has against a form beside the field that it means, and hands out the sentence for
 * everything else. What was typed stays.
 */
export function useFieldErrors<T extends object>(form: FormInstance<T>, fields: readonly (keyof T & string)[]) {
  const sentence = useErrorSentence();
  const [general, setGeneral] = useState<string | null>(null);
  return {
    general,
    clear: () => setGeneral(null),
    show: (error: unknown) => {
      const name = error instanceof Problem && error.field !== null ? fields.find((field) => field === error.field?.split('/')[0]) : undefined;
      if (name === undefined) {
        setGeneral(sentence(error));
        return;
      }
      setGeneral(null);
      form.setFields([{ name: name as never, errors: [sentence(error)] }]);
    },
  };
}
