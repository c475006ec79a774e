const OF_INPUT_METHOD = 229;

type Pressed = Pick<KeyboardEvent, 'key' | 'isComposing' | 'keyCode'>;

/**
 * Whether a key belongs to an input method, which puts words together. Safari ends the composition before it tells the
 * key, so that only the code gives it away.
 */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells it
export function isComposing({ isComposing: composing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return composing || keyCode === OF_INPUT_METHOD;
}

/** Whether an Enter is the person's, and not the one that ends a word in an input method. */
export const isEnter = (event: Pressed): boolean => event.key === 'Enter' && !isComposing(event);

/** Whether an Escape is the person's, and not the one that throws away what an input method holds. */
export const isEscape = (event: Pressed): boolean => event.key === 'Escape' && !isComposing(event);
