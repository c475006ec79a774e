/**
 * One script tag in any page: `<script src="https://<careline>/widget.js" data-tenant="demo" async></script>`.
 * `data-locale` is zh-CN or en. Where the script came from is where the chat goes.
 */
import { mountWidget, type Mounted } from '@/features/widget/widget';
import { setServerOrigin } from '@/shared/http/origin';
import { locale, LOCALES } from '@/shared/i18n/locale';
import { asLook, fetchLook } from '@/shared/visitor/look';
import { DEFAULT_TENANT } from '@/shared/visitor/tenant';
import { VisitorChat } from '@/shared/visitor/visitorChat';

const script = document.currentScript;
const { src = '', dataset = {} } = script instanceof HTMLScriptElement ? script : {};
if (src !== '') setServerOrigin(new URL(src).origin);
const wanted = LOCALES.find((each) => each === dataset.locale);
if (wanted !== undefined && wanted !== locale.get()) locale.set(wanted);

function start() {
  const tenant = dataset.tenant ?? DEFAULT_TENANT;
  const chat = new VisitorChat({ tenant });
  if (dataset.preview !== undefined) {
    preview(mountWidget(chat, tenant));
    return;
  }
  chat.start();
  const { wear } = mountWidget(chat, tenant);
  // Without it the chat looks as Careline does, and works all the same.
  fetchLook(tenant).then(wear, () => undefined);
}

/** In the studio's frame: no chat begins, and what the page around it says is worn at once. */
function preview({ wear, show, quiet }: Mounted) {
  window.addEventListener('message', ({ origin, source, data }: MessageEvent<unknown>) => {
    if (origin !== window.location.origin || source !== window.parent) return;
    const look = asLook(data);
    if (look !== null) wear(look);
  });
  quiet();
  show(true);
  window.parent.postMessage('ready', window.location.origin);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
