const OF_INPUT_METHOD = 229;

/**
 * Whether an Enter is the person's, and not the one that ends a word in an input method. Safari ends the composition
 * before it tells the key, so that only the code gives it away.
 */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells it
export function isEnter({ key, isComposing, keyCode }: Pick<KeyboardEvent, 'key' | 'isComposing' | 'keyCode'>): boolean {
  return key === 'Enter' && !isComposing && keyCode !== OF_INPUT_METHOD;
}
