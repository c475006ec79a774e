import { vi } from 'vitest';

type Answer = { status?: number; body?: unknown };
type Handler = (body: unknown, url: URL) => Answer | Promise<Answer>;

export interface Asked {
  readonly route: string;
  readonly body: unknown;
}

/**
 * The server as the screens see it: routes (`POST /api/v1/cases`) with their answers, and what was asked of it.
 * A route that nobody set answers 404, like the real one.
 */
export class FakeServer {
  readonly asked: Asked[] = [];
  private readonly handlers = new Map<string, Handler>();
  private connected = true;

  constructor() {
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => this.answer(new Request(input, init)));
  }

  /** `answer` is what always comes back, or says so itself from what was asked. */
  on(route: string, answer: Handler | object): this {
    this.handlers.set(route, typeof answer === 'function' ? (answer as Handler) : () => ({ body: answer }));
    return this;
  }

  /** Answers what this moment would be answered, but not before `release` is called. */
  late(route: string, answer: object): { release: () => void } {
    let release: () => void = () => undefined;
    const released = new Promise<Answer>((resolve) => (release = () => resolve({ body: answer })));
    this.on(route, () => released);
    return { release };
  }

  disconnect(): void {
    this.connected = false;
  }

  connect(): void {
    this.connected = true;
  }

  /** The bodies that were sent to one route, in order. */
  sentTo(route: string): unknown[] {
    return this.asked.filter((asked) => asked.route === route).map((asked) => asked.body);
  }

  private async answer(request: Request): Promise<Response> {
    if (!this.connected) throw new TypeError('Failed to fetch');
    const url = new URL(request.url);
    const route = `${request.method} ${url.pathname}`;
    const text = await request.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    this.asked.push({ route, body });
    const handler = this.handlers.get(route);
    const { status = 200, body: answer } = handler ? await handler(body, url) : { status: 404, body: { code: 'not-found', title: route } };
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(status === 204 ? null : JSON.stringify(answer), { status, headers: { 'content-type': type } });
  }
}
