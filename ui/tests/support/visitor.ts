import type { ClientFrame, ServerFrame } from '@/shared/realtime/frames';
import type { ChatNow, VisitorMessage } from '@/shared/visitor/protocol';

/** A WebSocket whose other end is the test. */
export class VisitorSocket {
  readyState: number = WebSocket.CONNECTING;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string) {
    const frame = JSON.parse(text) as ClientFrame;
    this.sent.push(frame);
    if (frame.t === 'sub') queueMicrotask(() => this.say({ t: 'subbed', topic: frame.topic, position: '0' }));
    if (frame.t === 'ping') this.say({ t: 'pong' });
  }
  close() {
    this.readyState = WebSocket.CLOSED;
  }
  accept() {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
    this.say({ t: 'welcome', epoch: 'e', heartbeat_s: 15 });
  }
  say(frame: ServerFrame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

/** The server's side: stores by client id, answers by number, can lose requests or answers. */
export class VisitorServer {
  messages: VisitorMessage[] = [];
  now: ChatNow = { conversation_id: null, interaction_id: null, state: 'none', agent_name: null, queue_position: null, wait: null, last_seq: 0, rating_open: false };
  tokens = 0;
  expired = new Set<string>();
  lose: 'nothing' | 'requests' | 'answers' = 'nothing';
  received: string[] = [];

  put(author: VisitorMessage['author'], text: string, clientId: string | null = null): VisitorMessage {
    const known = this.messages.find((m) => clientId !== null && m.client_id === clientId);
    if (known) return known;
    const seq = this.messages.length + 1;
    const message: VisitorMessage = {
      id: `m${seq}`, interaction_id: 'i', seq, client_id: clientId, author, author_name: null, kind: 'text', text, code: null, params: null,
      at: '2026-01-02T00:00:00Z', attachment: null,
    };
    this.messages.push(message);
    if (this.now.conversation_id === null) this.now = { ...this.now, conversation_id: 'c', interaction_id: 'i', state: 'flow' };
    return message;
  }

  handle = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const path = url.pathname.replace('/api/v1/visitor', '');
    this.received.push(`${request.method} ${path}${url.search}`);
    if (this.lose === 'requests') throw new TypeError('Failed to fetch');
    const answer = await this.answer(request, path, url);
    if (this.lose === 'answers') throw new TypeError('Failed to fetch');
    return answer;
  };

  private async answer(request: Request, path: string, url: URL): Promise<Response> {
    if (path === '') {
      this.tokens += 1;
      return Response.json({ token: `t${this.tokens}`, visitor_id: `v${this.tokens}`, expires_at: '2026-01-09T00:00:00Z' }, { status: 201 });
    }
    if (path === '/service') return Response.json({ name: url.searchParams.get('tenant'), hotline: null, time_zone: 'Pacific/Auckland' });
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
    if (token === '' || this.expired.has(token)) {
      return Response.json({ code: 'not-signed-in', title: 'no', params: {} }, { status: 401, headers: { 'content-type': 'application/problem+json' } });
    }
    if (path === '/conversation') return Response.json({ ...this.now, last_seq: this.messages.length });
    if (path === '/messages' && request.method === 'GET') {
      const after = Number(url.searchParams.get('after') ?? 0);
      return Response.json({ items: this.messages.filter((m) => m.seq > after), next: null });
    }
    if (path === '/messages') {
      const body = (await request.json()) as { client_id: string; text: string };
      return Response.json(this.put('customer', body.text, body.client_id), { status: 201 });
    }
    return new Response(null, { status: 204 });
  }
}
