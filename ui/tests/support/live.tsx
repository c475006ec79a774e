import { act } from '@testing-library/react';
import type { ReactNode } from 'react';
import { RealtimeClient } from '@/shared/realtime/client';
import type { ClientFrame, ServerFrame } from '@/shared/realtime/frames';
import { RealtimeContext } from '@/shared/realtime/RealtimeContext';

/** The server's end of a page's live connection. */
export class FakeLine {
  readonly sent: ClientFrame[] = [];
  readonly client: RealtimeClient;
  private readonly socket = {
    readyState: WebSocket.OPEN as number,
    onopen: null,
    onmessage: null as ((message: { data: string }) => void) | null,
    onclose: null,
    send: (text: string) => this.sent.push(JSON.parse(text) as ClientFrame),
    close: () => undefined,
  };

  constructor() {
    this.client = new RealtimeClient({ url: 'ws://test/rt/v1', openSocket: () => this.socket as unknown as WebSocket });
    this.client.start();
  }

  say(frame: ServerFrame): void {
    act(() => this.socket.onmessage?.({ data: JSON.stringify(frame) }));
  }

  /** Something happened under a topic that the page follows. */
  tell(topic: string, name: string, data: unknown): void {
    this.say({ t: 'ev', topic, position: '1', name, data, at: '2026-01-02T00:00:00Z' });
  }

  stop(): void {
    this.client.stop();
  }

  wrap(node: ReactNode): ReactNode {
    return <RealtimeContext value={this.client}>{node}</RealtimeContext>;
  }
}
