/** Dialogs above the page, which jsdom does not have: they open, and give the focus back to what had it. */
export function withDialogs(): void {
  const before = new WeakMap<HTMLDialogElement, Element | null>();
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    before.set(this, (this.getRootNode() as Document | ShadowRoot).activeElement);
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
    const had = before.get(this);
    if (had instanceof HTMLElement) had.focus();
  };
}
