import { createContext, use, useEffect } from 'react';

/** Whoever chooses a contact, or a way to write, may wish to write there at once; what is written in takes the wish. */
export class FocusWish {
  private open = false;

  make(): void {
    this.open = true;
  }

  /** Whether there was one; then it is fulfilled. */
  take(): boolean {
    const was = this.open;
    this.open = false;
    return was;
  }
}

export const FocusWishContext = createContext(new FocusWish());

export function useFocusWish(): FocusWish {
  return use(FocusWishContext);
}

/** The caret goes to the end of what stands in here, when that is wished as this comes to be; later the focus is the person's. */
export function useTakesFocus(element: () => HTMLTextAreaElement | null): void {
  const wish = useFocusWish();
  useEffect(() => {
    if (!wish.take()) return;
    const field = element();
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, as it comes to be
  }, []);
}
