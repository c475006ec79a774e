"""The browser that was brought can do what the browser tests need: Chinese text, a microphone, a peer connection."""

import pytest
from playwright.async_api import Browser

pytestmark = pytest.mark.browser

DRAWN = """text => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 64});
  const context = canvas.getContext("2d");
  context.font = "48px sans-serif";
  context.fillText(text, 4, 52);
  return canvas.toDataURL();
}"""

CONNECTED = """async () => {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = e => e.candidate && b.addIceCandidate(e.candidate);
  b.onicecandidate = e => e.candidate && a.addIceCandidate(e.candidate);
  const heard = new Promise(done => { b.ontrack = e => done(e.track.kind); });
  const voice = await navigator.mediaDevices.getUserMedia({audio: true});
  voice.getTracks().forEach(track => a.addTrack(track, voice));
  await a.setLocalDescription(); await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(); await a.setRemoteDescription(b.localDescription);
  return heard;
}"""


async def test_chinese_is_drawn_and_not_shown_as_boxes(chromium: Browser) -> None:
    page = await chromium.new_page()
    drawn = {text: await page.evaluate(DRAWN, text) for text in ("客", "服", "\ue123", " ")}
    assert len(set(drawn.values())) == len(drawn)


async def test_a_browser_phone_gets_microphone_and_peer(chromium: Browser) -> None:
    page = await chromium.new_page()
    await page.route("http://127.0.0.1:9/", lambda route: route.fulfill(body="<p>phone</p>", content_type="text/html"))
    await page.goto("http://127.0.0.1:9/")  # loopback is a secure context; an empty page is none
    assert await page.evaluate(CONNECTED) == "audio"
