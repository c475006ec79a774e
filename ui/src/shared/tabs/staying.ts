/** Asks before a page is left, and listens for that only while it would: browsers keep no page to come back to that does. */
export class Staying {
  private asks = false;

  set(asks: boolean): void {
    if (asks === this.asks) return;
    this.asks = asks;
    if (asks) window.addEventListener('beforeunload', ask);
    else window.removeEventListener('beforeunload', ask);
  }
}

const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
