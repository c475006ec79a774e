import type { VisitorMessage } from '@/shared/visitor/protocol';

type Answer = () => Response;

/**
 * The server's side for people who come after each other: each visitor has a conversation of their own and is the
 * person who was named when they were made known. Answers can be held back, and let go when somebody else is there.
 */
export class PeopleServer {
  /** Of each visitor, who they are and what they said. */
  readonly visitors = new Map<string, { person: string; messages: VisitorMessage[] }>();
  readonly expired = new Set<string>();
  readonly held: (() => void)[] = [];
  network: 'up' | 'down' | 'answers lost' | 'slow' = 'up';

  handle = async (request: Request): Promise<Response> => {
    if (this.network === 'down') throw new TypeError('Failed to fetch');
    const answer = await this.answer(request);
    if (this.network === 'answers lost') throw new TypeError('Failed to fetch');
    if (this.network === 'slow') await new Promise<void>((resolve) => this.held.push(resolve));
    return answer();
  };

  /** What was said, with the person under whom it is stored. */
  stored = (): { person: string; text: string }[] => [...this.visitors.values()].flatMap(({ person, messages }) => messages.map(({ text }) => ({ person, text })));

  personOf = (visitorId: string): string | undefined => this.visitors.get(visitorId)?.person;

  private async answer(request: Request): Promise<Answer> {
    const path = new URL(request.url).pathname.replace('/api/v1/visitor', '');
    if (path === '') {
      const { name } = (await request.json()) as { name: string | null };
      const id = `v${this.visitors.size + 1}`;
      this.visitors.set(id, { person: name ?? 'nobody', messages: [] });
      return () => Response.json({ token: id, visitor_id: id, expires_at: '2026-01-09T00:00:00Z' }, { status: 201 });
    }
    if (path === '/service' || path === '/opening') return () => new Response(null, { status: 404 });
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
    const visitor = this.expired.has(token) ? undefined : this.visitors.get(token);
    if (visitor === undefined) {
      return () => Response.json({ code: 'not-signed-in', title: 'no', params: {} }, { status: 401, headers: { 'content-type': 'application/problem+json' } });
    }
    if (path === '/leave') this.expired.add(token);
    if (path === '/conversation') return () => this.now(token, visitor.messages.length);
    if (path !== '/messages') return () => new Response(null, { status: 204 });
    if (request.method === 'GET') {
      const after = Number(new URL(request.url).searchParams.get('after') ?? 0);
      const items = visitor.messages.filter(({ seq }) => seq > after);
      return () => Response.json({ items, next: null });
    }
    const said = (await request.json()) as { client_id: string; text: string };
    const message = visitor.messages.find(({ client_id }) => client_id === said.client_id) ?? this.put(token, visitor.messages, said);
    return () => Response.json(message, { status: 201 });
  }

  private put(id: string, messages: VisitorMessage[], { client_id, text }: { client_id: string; text: string }): VisitorMessage {
    const seq = messages.length + 1;
    const message: VisitorMessage = {
      id: `${id} ${seq}`, interaction_id: id, seq, client_id, author: 'customer', author_name: null, kind: 'text', text, code: null, params: null,
      at: '2026-01-02T00:00:00Z', attachment: null,
    };
    messages.push(message);
    return message;
  }

  private now(id: string, last_seq: number): Response {
    const conversation_id = last_seq === 0 ? null : id;
    return Response.json({ conversation_id, interaction_id: conversation_id, state: last_seq === 0 ? 'none' : 'flow', agent_name: null, queue_position: null, wait: null, last_seq, rating_open: false });
  }
}
