/**
 * One script tag in any page: `<script src="https://<careline>/widget.js" data-tenant="demo" async></script>`.
 * `data-locale` is zh-CN or en. Where the script came from is where the chat goes.
 */
import { mountWidget } from '@/features/widget/widget';
import { setServerOrigin } from '@/shared/http/origin';
import { locale, LOCALES } from '@/shared/i18n/locale';
import { DEFAULT_TENANT } from '@/shared/visitor/tenant';
import { VisitorChat } from '@/shared/visitor/visitorChat';

const script = document.currentScript;
const { src = '', dataset = {} } = script instanceof HTMLScriptElement ? script : {};
if (src !== '') setServerOrigin(new URL(src).origin);
const wanted = LOCALES.find((each) => each === dataset.locale);
if (wanted !== undefined && wanted !== locale.get()) locale.set(wanted);

function start() {
  const chat = new VisitorChat({ tenant: dataset.tenant ?? DEFAULT_TENANT });
  chat.start();
  mountWidget(chat);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
